import { mkdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from '@jest/globals'

import type { Identity } from '../../src/identity.ts'
import { Limit } from '../../src/list/collection.ts'
import { readEarlierReport } from '../../src/list/earlier-report.ts'
import { Problems } from '../../src/problems.ts'
import { jsonLines } from '../../src/report/file/report-file.ts'
import type { RunReport } from '../../src/report/run-report.ts'
import type { ListSettings } from '../../src/settings.ts'
import { inWorkspace, read, type Reading } from '../support/list-reading.ts'
import { failed, identity, reportOf, state, unprocessed } from '../support/run-report.ts'

/** A report as the action writes it. */
function textOf(identities: readonly Identity[], changes: Partial<RunReport> = {}): string {
  return [...jsonLines(reportOf(identities, changes))].join('')
}

/** Reads a list from a report with this text. */
async function readReport(text: string | Uint8Array, settings: Partial<ListSettings> = {}): Promise<Reading> {
  return await inWorkspace({ 'r.json': text }, (workspace) =>
    read({ fromReport: 'r.json', workspace, ...settings }),
  )
}

const messagesOf = ({ problems }: Reading): string[] => problems.map(({ message }) => message)

/** What is wrong with a report of this text, behind its name. */
async function faultOf(text: string | Uint8Array): Promise<string> {
  const reading = await readReport(text)
  expect(reading.ids).toEqual([])
  expect(reading.problems).toHaveLength(1)
  return messagesOf(reading)[0]?.replace(/^Input from-report: "r\.json" /, '') ?? ''
}

const PLAN: Partial<RunReport> = { dryRun: true, statesRead: true }
const planned = (id: string, changes: Partial<Identity> = {}): Identity =>
  unprocessed(id, { plan: 'enable', observed: state(), ...changes })

describe('of a plan', () => {
  it('those are taken that it would enable, and those whose state it could not read', async () => {
    const reading = await readReport(
      textOf(
        [
          planned('a1', { file: 'lists/a.txt', line: 7 }),
          planned('b2', { plan: 'already-enabled' }),
          planned('c3', { plan: 'not-found' }),
          planned('d4', { plan: 'refused' }),
          planned('e5', { plan: null, file: null, line: null }),
        ],
        { ...PLAN, result: 'success', baseUrl: 'https://acme.api.identitynow.com' },
      ),
    )
    expect(reading.problems).toEqual([])
    expect(reading.identities).toMatchObject([
      { identifier: 'a1', id: 'a1', file: 'lists/a.txt', line: 7 },
      { identifier: 'e5', id: 'e5', file: null, line: null },
    ])
    expect(reading.list.reportBaseUrl).toBe('https://acme.api.identitynow.com')
  })

  it('the states are kept that it was made with', async () => {
    const { list } = await readReport(
      textOf(
        [
          planned('a1', { observed: state({ identityStatus: 'DISABLED', lifecycleState: 'leave' }) }),
          planned('b2', { observed: state({ identityStatus: null }) }),
          planned('c3', { plan: null, observed: null }),
        ],
        PLAN,
      ),
    )
    expect([...(list.planned ?? [])]).toEqual([
      ['a1', { identityStatus: 'DISABLED', lifecycleState: 'leave', name: null }],
      ['b2', { identityStatus: null, lifecycleState: null, name: null }],
    ])
  })

  it('by alias, an id is pinned, and an alias without one is still to be looked up', async () => {
    const reading = await readReport(
      textOf(
        [
          planned('a1', { identifier: 'Ann Smith' }),
          planned('', { identifier: 'bob', id: null, plan: null }),
        ],
        {
          ...PLAN,
          identifyBy: 'alias',
        },
      ),
    )
    expect(reading.list.identifyBy).toBe('alias')
    expect(reading.identities).toMatchObject([
      { identifier: 'Ann Smith', id: 'a1' },
      { identifier: 'bob', id: null },
    ])
  })

  it.each([
    ['failure', 'failed'],
    ['cancelled', 'was cancelled'],
  ] as const)('that ended in %s, nobody is taken', async (result, words) => {
    expect(await faultOf(textOf([planned('a1')], { ...PLAN, result }))).toBe(
      `is the report of a plan that ${words}, which cannot be applied; make the plan again.`,
    )
  })
})

describe('of a run', () => {
  const RUN = [
    identity('a1'),
    failed('b2'),
    failed('c3', { ignored: true }),
    unprocessed('d4'),
    failed('e5', { plan: 'refused' }),
    identity('f6', { plan: 'already-enabled' }),
  ]

  it.each(['success', 'failure', 'cancelled'] as const)(
    'that ended in %s, those are taken who failed and are not ignored, and who were left',
    async (result) => {
      const reading = await readReport(textOf(RUN, { result }))
      expect(reading).toMatchObject({ ids: ['b2', 'd4', 'e5'], problems: [] })
      expect([...(reading.list.planned ?? [])]).toEqual([['e5', 'refused']])
    },
  )

  it('that refused nobody, nobody is compared with a plan', async () => {
    expect((await readReport(textOf([failed('b2')]))).list.planned).toBeNull()
  })

  it('the states are kept that it read, for a later try to compare with', async () => {
    const text = textOf(
      [
        failed('a1', { observed: state() }),
        failed('b2', { observed: state({ identityStatus: null, lifecycleState: 'active' }) }),
        unprocessed('C3', { observed: state({ lifecycleState: 'active' }) }),
        failed('d4', { observed: 'absent' }),
        failed('bob', { id: null }),
      ],
      { identifyBy: 'alias' },
    )
    expect([...((await readReport(text)).list.planned ?? [])]).toEqual([
      ['a1', state()],
      ['b2', state({ identityStatus: null, lifecycleState: 'active' })],
      ['c3', state({ lifecycleState: 'active' })],
    ])
  })

  it('that failed although it leaves nobody, nobody is taken', async () => {
    expect(await faultOf(textOf([identity('a1')], { result: 'failure' }))).toMatch(
      /^is the report of a run that failed although it leaves nobody to try again .*; correct that run first\.$/,
    )
    for (const result of ['success', 'cancelled'] as const)
      expect(await readReport(textOf([identity('a1')], { result }))).toMatchObject({ ids: [], problems: [] })
  })

  it('whose inputs or list were refused, nobody is taken', async () => {
    const problems = [{ message: 'Input batch-size: "0" is not accepted.' }]
    expect(await faultOf(textOf([unprocessed('a1')], { result: 'failure', problems }))).toBe(
      'is the report of a run whose inputs or list were refused, so nothing in it was checked; correct that run first.',
    )
  })
})

describe('a report', () => {
  it.each([
    ['a byte order mark and CRLF', (text: string) => `\ufeff${text.replaceAll('\n', '\r\n')}`],
    [
      'its keys in another order',
      (text: string) => {
        const { identities, ...head } = JSON.parse(text) as Record<string, unknown>
        return JSON.stringify({ identities, ...head })
      },
    ],
    ['more keys than are known', (text: string) => text.replace('{', '{"later": {"x": [1]},')],
    [
      'keys that every object inherits',
      (text: string) => text.replace('"id":', '"__proto__": {"plan": null}, "constructor": 1, "id":'),
    ],
  ])('may have %s', async (_case, change) => {
    const reading = await readReport(change(textOf([failed('b2'), identity('a1')])))
    expect(reading).toMatchObject({ ids: ['b2'], problems: [] })
  })

  it('may say last what it is of, and only who is taken counts towards max-identities', async () => {
    const { dryRun, ...head } = JSON.parse(textOf([identity('a1'), identity('b2'), failed('c3')])) as {
      dryRun: boolean
    }
    const reading = await readReport(JSON.stringify({ ...head, dryRun }), { maxIdentities: 1 })
    expect(reading).toMatchObject({ ids: ['c3'], problems: [] })
  })

  it('may have as many in it as there are', async () => {
    const ids = Array.from({ length: 5_000 }, (_, n) => `a${n}`)
    expect((await readReport(textOf(ids.map((id) => failed(id))))).ids).toEqual(ids)
  })

  it('may have nobody in it', async () => {
    expect(await readReport(textOf([]))).toMatchObject({ ids: [], problems: [] })
  })

  it('may be named by an absolute path outside of the workspace', async () => {
    await inWorkspace({ '../r.json': textOf([failed('b2')]) }, async (workspace) => {
      const fromReport = join(workspace, '..', 'r.json')
      expect(await read({ fromReport, workspace })).toMatchObject({ ids: ['b2'], problems: [] })
    })
  })

  it('is read no further after a cancel', async () => {
    const stop = new AbortController()
    await inWorkspace({ 'r.json': textOf([failed('b2')]) }, async (workspace) => {
      const problems = new Problems()
      const reading = readEarlierReport('r.json', workspace, new Limit(null), problems, stop.signal)
      stop.abort(new Error('The run was cancelled.'))
      await expect(reading).rejects.toThrow('The run was cancelled.')
      expect(problems.count).toBe(0)
    })
  })

  it('is bound to the limits of any list', async () => {
    const text = textOf([failed('a1'), failed('b2'), failed('c3')])
    // As another program may write it.
    const identitiesFirst = JSON.stringify(
      Object.fromEntries(Object.entries(JSON.parse(text) as object).reverse()),
    )
    for (const given of [text, identitiesFirst]) {
      expect(messagesOf(await readReport(given, { maxIdentities: 2 }))).toEqual([TOO_LONG])
      expect((await readReport(given, { maxIdentities: 3 })).ids).toEqual(['a1', 'b2', 'c3'])
    }
    expect((await readReport(text, { shard: { index: 2, count: 2 } })).ids).toEqual(['b2', 'c3'])
  })

  it.each([
    ['a plan', [planned('a1'), planned('b2'), planned('c3'), planned('d4')], PLAN],
    ['a run', [failed('a1'), unprocessed('b2'), failed('c3'), failed('d4')], {}],
  ])('is read no further than max-identities: %s', async (_case, identities, changes) => {
    const text = textOf(identities, { ...changes, identifyBy: 'email' })
    const start = text.slice(0, text.indexOf('"d4"'))
    await inWorkspace({ 'r.json': start, 'out.txt': 'boss@example.com' }, async (workspace) => {
      const settings = { fromReport: 'r.json', excludeFiles: ['out.txt'], maxIdentities: 2, workspace }
      const reading = await read(settings)
      expect(messagesOf(reading)).toEqual([TOO_LONG])
      // What was read is accounted for, as of any list that is too long.
      expect(reading.ids).toEqual(['a1', 'b2'])
      expect(reading.list.identifyBy).toBe('email')
    })
  })
})

const TOO_LONG =
  'Input max-identities: the list is longer than 2, the most that is accepted; it was read no further.'

describe('not taken is', () => {
  const TEXT = textOf([failed('a1'), unprocessed('b2')])
  const GIVE = 'give the complete JSON report (results-file) of an earlier run.'

  /** The report with something in it replaced. */
  const replaced = (from: string | RegExp, to: string): string => {
    const text = TEXT.replace(from, to)
    expect(text).not.toBe(TEXT)
    return text
  }

  it('a file that is not there, or is none', async () => {
    await inWorkspace({}, async (workspace) => {
      expect(messagesOf(await read({ fromReport: 'none.json', workspace }))).toEqual([
        expect.stringMatching(/^Input from-report: "none\.json" cannot be read: .*ENOENT/),
      ])
      mkdirSync(join(workspace, 'folder'))
      expect(messagesOf(await read({ fromReport: 'folder', workspace }))).toEqual([
        'Input from-report: "folder" is not a file.',
      ])
    })
  })

  it('a report, without a word on who is to be left out: what the report holds, nobody knows', async () => {
    await inWorkspace({ 'r.json': '', 'out.txt': 'boss@example.com' }, async (workspace) => {
      const reading = await read({ fromReport: 'r.json', excludeFiles: ['out.txt'], workspace })
      expect(messagesOf(reading)).toEqual([expect.stringMatching(/^Input from-report: "r\.json" is not /)])
    })
  })

  it('a file larger than any report', async () => {
    await inWorkspace({ 'r.json': TEXT }, async (workspace) => {
      truncateSync(join(workspace, 'r.json'), 512 * 1024 * 1024 + 1)
      expect(messagesOf(await read({ fromReport: 'r.json', workspace }))).toEqual([
        'Input from-report: "r.json" is larger than 512 MiB, the most that is read of a report.',
      ])
    })
  })

  it.each([
    ['no byte', ''],
    ['a CSV report', 'id,identifier,outcome\na1,a1,failed\n'],
    ['UTF-16', Buffer.from(TEXT, 'utf16le')],
    ['an array', '[]'],
    ['a text', '"report"'],
    ['a list', '[{"id": "a1"}]'],
  ])('what is no report: %s', async (_case, text) => {
    expect(await faultOf(text)).toMatch(/^(is not|cannot be read: )/)
  })

  it('a report that was cut off, wherever', async () => {
    for (let length = 1; length < TEXT.trimEnd().length; length += 7) {
      expect(await faultOf(TEXT.slice(0, length))).toMatch(
        /^is not JSON, or only a part of a report \(line \d+\)/,
      )
    }
  })

  it.each([
    ['of another schema', '"schemaVersion": 1', '"schemaVersion": 2', 'schemaVersion is not as it has to be'],
    ['without a base URL', '"baseUrl"', '"url"', 'baseUrl is not as it has to be'],
    [
      'that does not say how its identities are named',
      /"identifyBy": "id",/,
      '',
      'identifyBy is not as it has to be',
    ],
    ['that does not say whether it is a plan', /"dryRun": false,/, '', 'dryRun is not as it has to be'],
    ['without the problems', /"problems": \[\],/, '', 'problems is not as it has to be'],
    [
      'with problems twice',
      '"problems": [],',
      '"problems": ["x"], "problems": [],',
      'it has "problems" twice',
    ],
    [
      'with identities in an object',
      '"identities": [',
      '"identities": {"0": {}}, "x": [',
      'identities is not as it has to be',
    ],
    [
      'with identities twice',
      '"identities": [',
      '"identities": [], "identities": [',
      'it has "identities" twice',
    ],
    ['with a plan of an identity twice', '"plan":', '"plan":"enable","plan":', 'it has "plan" twice'],
    ['with a line twice', '"line":1', '"line":1,"line":2', 'it has "line" twice'],
    ['with a count twice', '"total": 2', '"total": 1, "total": 2', 'it has "total" twice'],
    [
      'with a key twice in two spellings',
      '"dryRun"',
      '"dry\\u0052un": true, "dryRun"',
      'it has "dryRun" twice',
    ],
    [
      'with an outcome of its own',
      '"outcome":"failed"',
      '"outcome":"lost"',
      'of identity 1, outcome is not as it has to be',
    ],
    ['with a plan of its own', '"plan":null', '"plan":"send"', 'of identity 1, plan is not as it has to be'],
    [
      'with an identity that is a text',
      /"identities": \[\s*\{[^}]*\}[^}]*\}/,
      '"identities": ["a1"',
      'of identity 1, it is not as it has to be',
    ],
    [
      'with a line before the first',
      '"line":1',
      '"line":0',
      'of identity 1, source.line is not as it has to be',
    ],
    [
      'with a line beyond all lists',
      '"line":1',
      '"line":1e300',
      'of identity 1, source.line is not as it has to be',
    ],
    ['with half a line', '"line":1', '"line":1.5', 'of identity 1, source.line is not as it has to be'],
    [
      'with a line beyond all numbers',
      '"line":1',
      '"line":1e999',
      'of identity 1, source.line is not as it has to be',
    ],
    [
      'with a list outside of the repository',
      '"file":"ids.txt"',
      '"file":"x/../../y"',
      'of identity 1, source.file is not as it has to be',
    ],
    [
      'with a list by an absolute path',
      '"file":"ids.txt"',
      '"file":"/etc/passwd"',
      'of identity 1, source.file is not as it has to be',
    ],
    [
      'with a state longer than any',
      '"identityStatus":null',
      `"identityStatus":"${'X'.repeat(257)}"`,
      'of identity 1, identityStatus is not as it has to be',
    ],
    ['with one id twice', /b2/g, 'A1', 'of identity 2, it stands there before'],
    ['with an id that is none', /"a1"/g, '"a_1"', '"a_1" is not an identity id'],
    ['with the id of another', '"id":"a1"', '"id":"x9"', '"a1" has another id'],
    ['with an id missing', '"id":"a1"', '"id":null', '"a1" has no id'],
    [
      'with a prototype for an identity',
      /\{"id":"a1".*\n/,
      '{"__proto__":{"id":"a1","identifier":"a1"}},\n',
      'of identity 1, id is not as it has to be',
    ],
    [
      'with more than any holds',
      '"problems": [],',
      `"problems": [${'"",'.repeat(100_000)}""],`,
      'it holds too much',
    ],
  ])('a report %s', async (_case, from, to, why) => {
    expect(await faultOf(replaced(from, to))).toMatch(
      `is not a report of this action with schemaVersion 1 (${why}`,
    )
  })

  it.each(['total', 'succeeded', 'failed', 'unprocessed'])(
    'a report that does not hold what it counts: %s',
    async (name) => {
      expect(await faultOf(replaced(new RegExp(`"${name}": \\d`), `"${name}": 7`))).toMatch(
        new RegExp(`^is not complete: it counts 7 \\(${name}\\) and holds [012]; `),
      )
    },
  )

  it.each(['null', '"x"', '{}', '7', '{"length": 0}'])('a report whose identities are %s', async (value) => {
    const empty = textOf([])
    expect((await readReport(empty)).problems).toEqual([])
    for (const text of [
      empty.replace(/"identities": \[\s*\]/, `"identities": ${value}`),
      empty.replace(/"identities": \[\s*\]/, `"x": {"identities": []}`),
    ]) {
      expect(text).not.toBe(empty)
      expect(await faultOf(text)).toMatch('(identities is not as it has to be)')
    }
  })

  it('a report without its identities', async () => {
    expect(await faultOf(replaced(/"identities": \[[^]*\]/, '"identities": []'))).toBe(
      `is not complete: it counts 2 (total) and holds 0; ${GIVE}`,
    )
  })

  it.each(['', 'x'.repeat(257), 'a\nb'])(
    'a report by alias with an entry that is none: %j',
    async (identifier) => {
      const text = textOf([unprocessed('a1', { id: null, identifier })], { identifyBy: 'alias' })
      expect(await faultOf(text)).toMatch(/^is not a report of this action .*(alias|characters)/)
    },
  )
})
