import { expect, it } from '@jest/globals'

import { readYamlApart } from '../../../src/list/formats/yaml-thread.ts'

/** Too long to be read where everybody waits for it. */
const IDS = Array.from({ length: 20_000 }, (_, n) => `id-${n}`)
const LONG = IDS.map((id) => `- ${id}\n`).join('')

const IGNORE = { onEntry: () => undefined, onProblem: () => undefined }

it('a long list is read in a thread as a short one is read here', async () => {
  const read = async (text: string): Promise<unknown[]> => {
    const found: unknown[] = []
    const take = (text: string, line: number | null): void => void found.push([text, line])
    await readYamlApart(text, 'login', { onEntry: take, onProblem: take })
    return found
  }
  const head = '- {id: no, login: a1}\n- [b2]\n'
  const short = await read(head)
  expect(short).toHaveLength(2)
  expect(await read(head + LONG)).toEqual([...short, ...IDS.map((id, index) => [id, index + 3])])
  expect(await read(`${LONG}: {`)).toEqual([[expect.stringMatching(/^it is not a YAML list: /), 20_001]])
})

it('a cancel ends the reading, whatever the library is at', async () => {
  const stop = new AbortController()
  const taken: string[] = []
  const reading = readYamlApart(
    LONG.repeat(40),
    null,
    { ...IGNORE, onEntry: (entry) => taken.push(entry) },
    stop.signal,
  )
  setImmediate(() => stop.abort(new Error('The run was cancelled.')))
  await expect(reading).rejects.toThrow('The run was cancelled.')
  expect(taken).toEqual([])
})

it('what a sink throws ends the reading', async () => {
  const taken: string[] = []
  const onEntry = (entry: string): void => {
    taken.push(entry)
    if (taken.length === 3) throw new Error('Enough.')
  }
  const reading = readYamlApart(LONG, null, { ...IGNORE, onEntry })
  await expect(reading).rejects.toThrow('Enough.')
  expect(taken).toEqual(IDS.slice(0, 3))
})

it('what takes more memory than the thread has is a problem', async () => {
  const problems: unknown[] = []
  const onProblem = (...problem: unknown[]): void => void problems.push(problem)
  await readYamlApart(`[${'a,'.repeat(500_000)}]`, null, { ...IGNORE, onProblem }, undefined, 32)
  expect(problems).toEqual([
    ['it takes too much memory to read as YAML; give the list as .txt or .csv', null],
  ])
})
