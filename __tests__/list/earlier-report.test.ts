import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

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
  return messagesOf(reading)[0]?.replace(/^Invalid report "r\.json" in `from-report`: /, '') ?? ''
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
          planned('c3', { plan: 'not-found', observed: 'absent' }),
          planned('d4', { plan: 'refused', observed: null }),
          planned('e5', { plan: null, observed: null, file: null, line: null }),
        ],
        { ...PLAN, result: 'success', baseUrl: 'https://acme.api.identitynow.com' },
      ),
    )
    expect(reading.problems).toEqual([])
    expect(reading.identities).toMatchObject([
      { identifier: 'a1', id: 'a1', file: 'lists/a.txt', line: 7 },
      { identifier: 'e5', id: 'e5', file: null, line: null },
    ])
    expect(reading.list.report).toEqual({
      baseUrl: 'https://acme.api.identitynow.com',
      isPlan: true,
      total: 5,
      knownToExist: 2,
    })
    expect(reading.list.listedCount).toBe(5)
  })

  it('the lifecycle states are kept that it approved', async () => {
    const { identities } = await readReport(
      textOf(
        [
          planned('a1', { observed: state({ identityStatus: 'DISABLED', lifecycleState: 'leave' }) }),
          planned('b2', { observed: state({ lifecycleState: null }) }),
          planned('c3', { plan: null, observed: null }),
        ],
        PLAN,
      ),
    )
    expect(identities.map(({ approval }) => approval)).toEqual([
      { kind: 'approved', lifecycleState: 'leave' },
      { kind: 'approved', lifecycleState: null },
      { kind: 'unknown' },
    ])
  })

  it('by alias, an ID is pinned, and an alias without one is still to be resolved', async () => {
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
  ] as const)('that ended in %s, no identity is taken', async (result, words) => {
    expect(await faultOf(textOf([planned('a1')], { ...PLAN, result }))).toBe(
      `that plan ${words}, so it cannot be applied. Make a new plan.`,
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
      expect(reading.identities.map(({ approval }) => approval)).toEqual([null, null, { kind: 'blocked' }])
    },
  )

  it('the lifecycle states that a plan approved still count, also where the run has read others', async () => {
    const text = textOf([
      failed('a1', { observed: state({ lifecycleState: 'leave' }) }),
      failed('b2'),
      failed('c3'),
    ])
    const values = ['"active"', '""', 'null'][Symbol.iterator]()
    const fields = (line: string): string =>
      line
        .replace(/"plannedLifecycleState":[^,]*,/, '')
        .replace(/^( {4}\{)/, `$1"plannedLifecycleState":${values.next().value ?? ''},`)
    const { identities, problems } = await readReport(text.replace(/^ {4}\{.*$/gm, fields))
    expect(problems).toEqual([])
    expect(identities.map(({ approval }) => approval)).toEqual([
      { kind: 'approved', lifecycleState: 'active' },
      { kind: 'approved', lifecycleState: null },
      null,
    ])
  })

  it('what it knows of the tenant counts', async () => {
    const { list } = await readReport(
      textOf([
        identity('a1'),
        failed('b2'),
        failed('c3', { observed: state() }),
        unprocessed('d4', { plan: 'enable' }),
      ]),
    )
    expect(list.report).toMatchObject({ isPlan: false, knownToExist: 3 })
  })

  it('that failed although no identity is left to retry, no identity is taken', async () => {
    expect(await faultOf(textOf([identity('a1')], { result: 'failure' }))).toMatch(
      /^the run failed, but no identity is left to retry .* Fix that run first\.$/,
    )
    for (const result of ['success', 'cancelled'] as const)
      expect(await readReport(textOf([identity('a1')], { result }))).toMatchObject({ ids: [], problems: [] })
  })

  it('whose inputs or list were invalid, no identity is taken', async () => {
    const problems = [{ message: 'Input batch-size: "0" is not accepted.' }]
    expect(await faultOf(textOf([unprocessed('a1')], { result: 'failure', problems }))).toBe(
      'that run had invalid inputs or an invalid list, so nothing in its report was checked. Fix that run first.',
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

  it('may have no identity in it', async () => {
    expect(await readReport(textOf([]))).toMatchObject({ ids: [], problems: [] })
  })

  it('may be below RUNNER_TEMP', async () => {
    await inWorkspace({ '../temp/x/r.json': textOf([failed('b2')]) }, async (workspace) => {
      const temporary = join(workspace, '..', 'temp')
      const fromReport = join(temporary, 'x', 'r.json')
      expect(await read({ fromReport, workspace, temporary })).toMatchObject({ ids: ['b2'], problems: [] })
      expect(await read({ fromReport: '../temp/x/r.json', workspace, temporary })).toMatchObject({
        ids: ['b2'],
      })
      expect(messagesOf(await read({ fromReport, workspace, temporary: join(temporary, 'y') }))).toEqual([
        expect.stringMatching(
          /: it is outside of the workspace and of `RUNNER_TEMP`\. Use a file in one of them\.$/,
        ),
      ])
    })
  })

  it('may be one that another program has written anew', async () => {
    const report = JSON.parse(textOf([failed('b2'), identity('a1'), unprocessed('c3')])) as object
    for (const text of [
      JSON.stringify(report),
      JSON.stringify(report, null, 2),
      JSON.stringify(report, null, '\t'),
    ])
      expect(await readReport(text)).toMatchObject({ ids: ['b2', 'c3'], problems: [] })
  })

  it('may have excluded identities before its list, however many', async () => {
    const excluded = Array.from({ length: 1_000 }, (_, n) => `    {"id":"x${n}","by":"deny-list"}`).join(
      ',\n',
    )
    const text = textOf([failed('b2')]).replace('  "excluded": []', `  "excluded": [\n${excluded}\n  ]`)
    expect(await readReport(text)).toMatchObject({ ids: ['b2'], problems: [] })
    const torn = text.replace('{"id":"x7",', '{"id":"x7"],"identities":[')
    expect(await faultOf(torn)).toMatch(
      /^it is not valid JSON \(line \d+\), so the file is incomplete or not a report\./,
    )
  })

  it('may hold names and reasons of the list', async () => {
    const text = textOf([failed('b2')])
      .replace('{"id":', '{"listedName":"Bob","reason":"back","id":')
      .replace(/,"listedName":null|,"reason":null/g, '')
    expect((await readReport(text)).identities).toMatchObject([{ listedName: 'Bob', reason: 'back' }])
  })

  it('is read no further after a cancel', async () => {
    const stop = new AbortController()
    await inWorkspace({ 'r.json': textOf([failed('b2')]) }, async (workspace) => {
      const problems = new Problems()
      const settings = { workspace, temporary: '' }
      const reading = readEarlierReport('r.json', settings, new Limit(null), problems, stop.signal)
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
    const text = textOf(identities, { ...changes, identifyBy: 'alias' })
    const start = text.slice(0, text.indexOf('"d4"'))
    await inWorkspace({ 'r.json': start, 'out.txt': 'boss@example.com' }, async (workspace) => {
      const settings = {
        fromReport: 'r.json',
        excludeFiles: ['out.txt'],
        maxIdentities: 2,
        workspace,
      } as const
      const reading = await read(settings)
      expect(messagesOf(reading)).toEqual([TOO_LONG])
      // What was read is accounted for, as of any list that is too long.
      expect(reading.ids).toEqual(['a1', 'b2'])
      expect(reading.list.identifyBy).toBe('alias')
    })
  })
})

const TOO_LONG =
  'The list is longer than `max-identities` (2), so reading stopped. Check the list, or increase `max-identities`.'

describe('not taken is', () => {
  const TEXT = textOf([failed('a1'), unprocessed('b2')])
  const GIVE = 'Use the complete JSON report (`results-file`) of an earlier run.'

  /** The report with something in it replaced. */
  const replaced = (from: string | RegExp, to: string): string => {
    const text = TEXT.replace(from, to)
    expect(text).not.toBe(TEXT)
    return text
  }

  it('a file that is not there, or is none', async () => {
    await inWorkspace({}, async (workspace) => {
      expect(messagesOf(await read({ fromReport: 'none.json', workspace }))).toEqual([
        'Invalid report "none.json" in `from-report`: the file does not exist. Check the path, and that an earlier step created or downloaded it.',
      ])
      mkdirSync(join(workspace, 'folder'))
      expect(messagesOf(await read({ fromReport: 'folder', workspace }))).toEqual([
        'Invalid report "folder" in `from-report`: it is a folder. Use the path of the report in it.',
      ])
    })
  })

  const onPosix = process.platform === 'win32' ? it.skip : it // links need a privilege there
  onPosix('a link, or a file below one, even into the workspace', async () => {
    await inWorkspace({ 'r.json': TEXT, 'x/r.json': TEXT }, async (workspace) => {
      symlinkSync('r.json', join(workspace, 'link.json'))
      symlinkSync('x', join(workspace, 'linked'))
      symlinkSync('/proc/self', join(workspace, 'proc'))
      for (const fromReport of ['link.json', 'linked/r.json', 'proc/environ'])
        expect(messagesOf(await read({ fromReport, workspace }))).toEqual([
          expect.stringMatching(
            /: it (is a symbolic link, or is in a linked folder\. Use the path of the file itself|cannot be read)/,
          ),
        ])
      const linked = join(dirname(workspace), 'by-link')
      symlinkSync(workspace, linked)
      expect(await read({ fromReport: 'r.json', workspace: linked })).toMatchObject({
        ids: ['a1', 'b2'],
        problems: [],
      })
    })
  })

  it('an entry of a deny list that hides an alias of the report', async () => {
    const people = [planned('a1', { identifier: 'ann' }), planned('b2', { identifier: 'bob' })]
    const text = textOf(people, { ...PLAN, result: 'success', identifyBy: 'alias' })
    await inWorkspace({ 'r.json': text, 'out.txt': 'ann (left)' }, async (workspace) => {
      const settings = { fromReport: 'r.json', excludeFiles: ['out.txt'], workspace }
      const reading = await read(settings)
      expect(messagesOf(reading)).toEqual([expect.stringContaining('or a note.')])
      expect(reading.list.reportedIds).toEqual(['a1', 'b2'])
      const part = await read({ ...settings, shard: { index: 1, count: 2 } })
      expect([part.ids, part.list.reportedIds]).toEqual([['ann'], ['a1', 'b2']])
    })
  })

  it('a report that is invalid, without a second problem about its identities', async () => {
    await inWorkspace({ 'r.json': '', 'out.txt': 'boss@example.com' }, async (workspace) => {
      const reading = await read({ fromReport: 'r.json', excludeFiles: ['out.txt'], workspace })
      expect(messagesOf(reading)).toEqual([
        expect.stringMatching(/^Invalid report "r\.json" in `from-report`: /),
      ])
    })
  })

  it('a large file that is no report', async () => {
    await inWorkspace({ 'r.json': TEXT }, async (workspace) => {
      writeFileSync(join(workspace, 'r.json'), Buffer.alloc(64 * 1024 * 1024 + 1, ' '))
      expect(messagesOf(await read({ fromReport: 'r.json', workspace }))).toEqual([
        expect.stringMatching(
          / it is not complete, or no longer one identity per line, and larger than 64 MiB\. Use the file/,
        ),
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
    expect(await faultOf(text)).toMatch(/^it is (not|incomplete or not) /)
  })

  it('a report that was cut off, wherever', async () => {
    for (let length = 1; length < TEXT.trimEnd().length; length += 7) {
      expect(await faultOf(TEXT.slice(0, length))).toMatch(
        /^it is not valid JSON \(line \d+\), so the file is incomplete or not a report\. Use the complete/,
      )
    }
  })

  it.each([
    ['of another schema', '"schemaVersion": 1', '"schemaVersion": 2', 'schemaVersion'],
    ['without a base URL', '"baseUrl"', '"url"', 'baseUrl'],
    ['that does not say how its identities are named', /"identifyBy": "id",/, '', 'identifyBy'],
    ['that does not say whether it is a plan', /"dryRun": false,/, '', 'dryRun'],
    ['without the problems', /"problems": \[\],/, '', 'problems'],
    ['with identities in an object', '"identities": [', '"identities": {"0": {}}, "x": [', 'identities'],
    ['with an outcome of its own', '"outcome":"failed"', '"outcome":"lost"', 'identity 1, outcome'],
    ['with a plan of its own', '"plan":null', '"plan":"send"', 'identity 1, plan'],
    [
      'with an identity that is a text',
      /"identities": \[\s*\{[^}]*\}[^}]*\}/,
      '"identities": ["a1"',
      'identity 1, it',
    ],
    ['with a line before the first', '"line":1', '"line":0', 'identity 1, source.line'],
    ['with a line beyond all lists', '"line":1', '"line":1e300', 'identity 1, source.line'],
    ['with half a line', '"line":1', '"line":1.5', 'identity 1, source.line'],
    ['with a line beyond all numbers', '"line":1', '"line":1e999', 'identity 1, source.line'],
    [
      'with a list outside of the repository',
      '"file":"ids.txt"',
      '"file":"x/../../y"',
      'identity 1, source.file',
    ],
    [
      'with a list by an absolute path',
      '"file":"ids.txt"',
      '"file":"/etc/passwd"',
      'identity 1, source.file',
    ],
    [
      'with a state longer than any',
      '"identityStatus":null',
      `"identityStatus":"${'X'.repeat(257)}"`,
      'identity 1, identityStatus',
    ],
    ['with one id twice', /b2/g, 'A1', '"A1" appears twice'],
    ['with an id that is none', /"a1"/g, '"a_1"', 'identity 1, Invalid ID "a_1"'],
    ['with the id of another', '"id":"a1"', '"id":"x9"', 'identity 1, "a1" has another id'],
    ['with an id missing', '"id":"a1"', '"id":null', 'identity 1, "a1" has no id'],
    [
      'with a prototype for an identity',
      /\{"id":"a1".*\n/,
      '{"__proto__":{"id":"a1","identifier":"a1"}},\n',
      'identity 1, id',
    ],
  ])('a report %s', async (_case, from, to, why) => {
    expect(await faultOf(replaced(from, to))).toMatch(
      `it is not a report of this action with schemaVersion 1 (invalid: ${why}`,
    )
  })

  it.each([
    ['problems', '"problems": [],', '"problems": ["x"], "problems": [],'],
    ['identities', '"identities": [', '"identities": [], "identities": ['],
    ['a count', '"total": 2', '"total": 1, "total": 2'],
    ['a key in two spellings', '"dryRun"', '"dry\\u0052un": true, "dryRun"'],
    ['an identity’s plan', '"plan":', '"plan":"enable","plan":'],
    ['an identity’s plan, with white space', '"plan":', '"plan" : "enable" ,"plan":'],
    ['an identity’s plan in two spellings', '"plan":', '"pl\\u0061n":"enable","plan":'],
    ['an identity’s line', '"line":1', '"line":1,"line":2'],
    [
      'an identity’s attempts, made up for by a short number',
      '"attempts":1',
      '"attempts":1,"a":1e20,"a":1e20',
    ],
  ])('a report with something in it twice: %s', async (_case, from, to) => {
    expect(await faultOf(replaced(from, to))).toMatch(/ appears twice in (it|one object)/)
  })

  it.each(['total', 'succeeded', 'failed', 'unprocessed'])(
    'a report that does not hold what it counts: %s',
    async (name) => {
      expect(await faultOf(replaced(new RegExp(`"${name}": \\d`), `"${name}": 7`))).toMatch(
        new RegExp(`^it is not complete: its counts say 7 \\(${name}\\), but it lists [012]\\. `),
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
      expect(await faultOf(text)).toMatch('(invalid: identities)')
    }
  })

  it('a report with a comma after its last identity', async () => {
    expect(await faultOf(replaced(/\}\n {2}\]/, '},\n  ]'))).toMatch('it is not valid JSON')
  })

  it('a report without its identities', async () => {
    expect(await faultOf(replaced(/"identities": \[[^]*\]/, '"identities": []'))).toBe(
      `it is not complete: its counts say 2 (total), but it lists 0. ${GIVE}`,
    )
  })

  it.each(['', 'x'.repeat(257), 'a\nb'])(
    'a report by alias with an entry that is none: %j',
    async (identifier) => {
      const text = textOf([unprocessed('a1', { id: null, identifier })], { identifyBy: 'alias' })
      expect(await faultOf(text)).toMatch(
        /^it is not a report of this action .*(identifier|alias|characters)/,
      )
    },
  )
})
