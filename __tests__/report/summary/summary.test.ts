import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { marked } from 'marked'

import type { Identity } from '../../../src/identity.ts'
import type { RunReport } from '../../../src/report/run-report.ts'
import { renderSummary } from '../../../src/report/summary/summary.ts'
import { hostileText } from '../../support/hostile-text.ts'
import { decoded, expectNothingToLink, linksOf, tagsOf, textsOf } from '../../support/rendered-markdown.ts'
import { answered, failed, identity, range, reportOf, state, unprocessed } from '../../support/run-report.ts'

const REPOSITORY = { serverUrl: 'https://github.com', repository: 'acme/people', sha: 'c0ffee' }
const BLOB = 'https://github.com/acme/people/blob/c0ffee/'
const MIB = 1_048_576

const render = (report: RunReport): string =>
  marked.parse(renderSummary(report, REPOSITORY), { async: false }).replaceAll('<wbr>', '')

/** What one reads, with a space between elements. */
const read = (report: RunReport): string => textsOf(render(report)).join(' ').replace(/\s+/g, ' ').trim()

const MIXED = reportOf(
  [
    ...range(90, (index) => identity(`ok-${index}`)),
    ...range(6, (index) => failed(`2c91808568c529c6${index}`, { file: 'lists/a b.csv', line: index + 2 })),
    failed('busy', { cause: answered(503, 'Try later'), file: null, line: null }),
    failed('ignored', { cause: answered(409, 'Conflict'), ignored: true }),
    ...range(2, (index) => unprocessed(`left-${index}`)),
  ],
  {
    maxFailures: 6,
    maxFailurePercent: 10,
    stopped: 'The token was refused.',
    notes: ['1 of them is LOCKED.'],
  },
)

describe('the summary of a run', () => {
  const text = read(MIXED)

  it('begins with the result in one line', () => {
    expect(renderSummary(MIXED, null)).toMatch(/^### ❌ The run ended early.*refused\.\n/)
  })

  it('counts with percentages, and says which thresholds were met', () => {
    expect(text).toContain('✅ Succeeded 90 90 %')
    expect(text).toContain('❌ Failed 7 7 %')
    expect(text).toContain('➖ Failed, ignored 1 1 %')
    expect(text).toContain('⚪ Not processed 2 2 %')
    expect(text).toContain('Total 100')
    expect(text).toContain('max-failures 6 7 ❌ exceeded')
    expect(text).toContain('max-failure-percent 10 % 7 % ✅ met')
  })

  it('groups what failed by reason, with first ids', () => {
    expect(text).toMatch(
      /failed 404 Referenced identity "…" was not found\. 6 2c91808568c529c60 , 2c91808568c529c61 , 2c91808568c529c62 , …/,
    )
    expect(text).toContain('failed 503 Try later 1 busy')
    expect(text).toContain('ignored 409 Conflict 1 ignored')
    expect(text).toContain('not processed Not sent. The token was refused. 2 left-0 , left-1')
  })

  it('lists every failed id, with a link to its line where there is one', () => {
    expect(text).toContain('All failed identities: 8 2c91808568c529c60 · lists/a b.csv:2 · 404')
    expect(text).toContain('busy · 503')
    const links = linksOf(render(MIXED))
    expect(links).toHaveLength(7)
    expect(links[0]).toBe(`${BLOB}lists/a%20b.csv?plain=1#L2`)
    expect(linksOf(marked.parse(renderSummary(MIXED, null), { async: false }))).toEqual([])
  })

  it('draws a pie where there is more than one outcome, the largest first', () => {
    expect(renderSummary(MIXED, null)).toMatch(
      /```mermaid\n%%\{init: .*\}%%\npie showData\n {2}"Succeeded" : 90\n {2}"Failed" : 7\n {2}"Not processed" : 2\n {2}"Failed, ignored" : 1\n```/,
    )
    expect(renderSummary(reportOf([identity('a')]), null)).not.toContain('mermaid')
  })

  it('says how long it took and what it cost', () => {
    expect(text).toContain(
      'Took 1 min 12 s · requests: 12, 2 of them retries · tokens renewed: 1 · waited for the rate limit: 3.4 s',
    )
    expect(text).toContain('https://acme.api.identitynow.com · v2025')
    expect(text).toContain('Full report: /tmp/report.json')
  })

  it('says what to do next, by case', () => {
    expect(text).toMatch(/6 identities unknown to this tenant: remove them/)
    expect(text).toMatch(/1 identity failed because ISC was overloaded/)
    expect(text).toMatch(/2 identities not processed: run again with the ids in unprocessed-ids/)
    const more = read(
      reportOf([
        failed('a', { cause: answered(401) }),
        failed('b', { cause: answered(403) }),
        failed('c', { cause: { kind: 'unconfirmed', accepted: answered(202), seen: null }, verified: false }),
      ]),
    )
    expect(more).toMatch(/1 identity refused for want of a valid token/)
    expect(more).toMatch(/1 identity refused for want of permission.*idn:accounts-state:manage/)
    expect(more).toMatch(/1 identity accepted, but not confirmed/)
    expect(read(reportOf([identity('a')]))).not.toContain('What to do next')
  })

  it('shows notes, and problems with the inputs at their place', () => {
    expect(text).toContain('Notes 1 of them is LOCKED.')
    const problems = [
      { message: 'The entry "x y" is no id.', file: 'ids.txt', line: 3 },
      { message: 'Other' },
    ]
    const bad = reportOf([], { result: 'failure', problems })
    expect(read(bad)).toContain('Problems The entry "x y" is no id. · ids.txt:3 Other')
    expect(linksOf(render(bad))).toEqual([`${BLOB}ids.txt?plain=1#L3`])
    expect(
      read(reportOf([], { result: 'failure', problems: range(40, () => ({ message: 'Bad' })) })),
    ).toContain('… and 15 more')
  })

  it('says that any failure counts where no threshold is set', () => {
    expect(read(reportOf([failed('a')]))).toContain('No threshold is set: any failure fails the job.')
  })
})

describe('the summary of a plan', () => {
  const PLAN = [
    unprocessed('new', { plan: 'enable', line: 1 }),
    unprocessed('old', {
      plan: 'already-enabled',
      cause: { kind: 'already-enabled' },
      observed: state({ identityStatus: 'ACTIVE' }),
      line: 2,
    }),
    unprocessed('gone', { plan: 'not-found', cause: { kind: 'absent' }, line: 3 }),
    unprocessed('odd', { line: 4 }),
    unprocessed('jane', {
      id: null,
      plan: 'not-found',
      cause: { kind: 'ambiguous', ids: ['2c91', '2c92'] },
      line: 5,
    }),
    unprocessed('2c91', { identifier: 'joe', plan: 'enable', line: 6 }),
  ]
  const report = reportOf(PLAN, { dryRun: true, identifyBy: 'alias', toEnableCount: 2, maxFailures: 2 })
  const text = read(report)

  it('begins with what a run would do, and counts', () => {
    expect(text).toMatch(/^📋 Plan: would enable 2 of 6 identities, 1 already enabled, 1 not found, /)
    expect(text).toContain('🟢 Would enable 2 33.33 %')
    expect(text).toContain('⚪ State unknown 1 16.67 %')
    expect(text).not.toContain('threshold')
  })

  it('lists each kind with links, and opens the one to approve', () => {
    expect(text).toContain('Would enable: 2 new · ids.txt:1 2c91 ( joe ) · ids.txt:6')
    expect(text).toContain('Already enabled: 1 old · ids.txt:2 · Already enabled (identity status ACTIVE).')
    expect(text).toContain('Not found: 1 gone · ids.txt:3 Without')
    expect(text).toContain('State unknown: 1 odd · ids.txt:4')
    expect(text).toContain(
      'Without a match: 1 jane · ids.txt:5 · 2 identities have the alias "jane" (2c91, 2c92); name the one by its id.',
    )
    expect(linksOf(render(report))).toHaveLength(6)
    expect(renderSummary(report, null).match(/<details open>/g)).toHaveLength(1)
  })

  it('says what a run would change', () => {
    expect(text).toContain(
      'A run without dry-run would enable 2 identities and send 1 identity of unknown state.',
    )
    expect(text).toContain('skip-enabled: true leaves them out')
    expect(read(reportOf(PLAN, { dryRun: true, skipEnabled: true, maxFailures: 2 }))).not.toContain(
      'leaves them out',
    )
    const nobody = reportOf(PLAN.slice(1, 2), { dryRun: true })
    expect(read(nobody)).toContain('A run without dry-run would enable nobody.')
  })
})

describe('hostile text in a summary', () => {
  const withText = (text: string, dryRun: boolean): RunReport => {
    const hostile: Partial<Identity> = {
      cause: answered(404, text),
      identifier: `given ${text}`,
      file: `lists/x${text}`,
    }
    return reportOf(
      [
        failed('2c91808568c529c6a', { ...hostile, id: null }),
        unprocessed('2c91808568c529c6b', { ...hostile, cause: null, plan: 'enable' }),
        unprocessed('2c91808568c529c6c', { ...hostile, plan: 'already-enabled' }),
      ],
      { stopped: text, notes: [text], dryRun, baseUrl: text, apiVersion: text, resultsFile: `/tmp/${text}` },
    )
  }

  it.each([false, true])('changes nothing of the structure, and links nowhere (plan: %s)', (dryRun) => {
    const htmlOf = (text: string): string =>
      marked.parse(renderSummary(withText(text, dryRun), REPOSITORY), { async: false })
    const withoutLinks = (html: string): string[] => tagsOf(html).filter((tag) => !/^\/?a$/.test(tag))
    const expected = withoutLinks(htmlOf('x'))
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(text.trim() !== '')
        const html = htmlOf(text)
        expect(withoutLinks(html)).toEqual(expected)
        const [beforeMermaid = ''] = html.split('<pre>')
        expectNothingToLink(beforeMermaid)
        for (const link of linksOf(html))
          expect(link).toMatch(
            /^https:\/\/github\.com\/acme\/people\/blob\/c0ffee\/lists\/x[^\s()<>]*\?plain=1#L1$/,
          )
      }),
      { numRuns: 200 },
    )
  })

  it('links to no place outside of the repository', () => {
    const files = ['../x', '/etc/passwd', 'C:\\x', 'a/../../x', 'a\\..\\x', 'x'.repeat(1_000)]
    const html = render(reportOf(files.map((file) => failed('a', { file }))))
    expect(linksOf(html)).toEqual([])
    expect(decoded(html)).toContain('/etc/passwd')
  })

  it('stays below 1 MiB when everything is a megabyte of the worst text', () => {
    const worst = '@'.repeat(1_000_000)
    const identities = range(200, (index) =>
      failed(`${index}${worst}`, {
        cause: answered(index, `${index}${worst}`),
        file: `${worst}${index}`,
      }),
    )
    const report = reportOf(identities, {
      stopped: worst,
      notes: range(50, () => worst),
      baseUrl: worst,
      resultsFile: worst,
    })
    expect(Buffer.byteLength(renderSummary(report, REPOSITORY))).toBeLessThan(MIB)
    const problems = range(50, () => ({ message: worst, file: '漢'.repeat(500), line: 1 }))
    const bad = reportOf([], { result: 'failure', problems })
    expect(Buffer.byteLength(renderSummary(bad, REPOSITORY))).toBeLessThan(MIB)
  })
})

describe('a summary of 100,000', () => {
  it.each([
    ['failures', (index: number) => failed(`id-${index}`, { line: index + 1 }), {}],
    [
      'planned',
      (index: number) => unprocessed(`id-${index}`, { line: index + 1, plan: 'enable' }),
      { dryRun: true },
    ],
  ] as const)('%s is cut between entries, and says how many are left out', (_, make, changes) => {
    const summary = renderSummary(reportOf(range(100_000, make), changes), REPOSITORY)
    expect(Buffer.byteLength(summary)).toBeLessThan(MIB)
    expect(Buffer.byteLength(summary)).toBeGreaterThan(900_000)
    const entries = summary.match(/^- <code>id.*$/gm) ?? []
    expect(entries.filter((entry) => !/^- <code>.*<\/code> · \[.*\]\(.*#L\d+\)/.test(entry))).toEqual([])
    const [, left] = /\n… and ([\d,]+) more: they are in the report\.\n\n<\/details>/.exec(summary) ?? []
    expect(entries.length + Number(left?.replaceAll(',', ''))).toBe(100_000)
    expect(summary).toContain('Took 1 min 12 s')
  })
})
