import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { Excluded, Identity } from '../../../src/identity.ts'
import { findingsOf } from '../../../src/report/findings/findings.ts'
import type { RunReport } from '../../../src/report/run-report.ts'
import { COMMENT_BYTES, JOB_SUMMARY_BYTES, summaryOf } from '../../../src/report/summary/summary.ts'
import { hostileText } from '../../../dev/hostile-text.ts'
import {
  linksOf,
  pageOf,
  pagesOf,
  readingOf,
  resolvedIn,
  structureOf,
} from '../../../dev/rendered-markdown.ts'
import {
  answered,
  crashed,
  failed,
  identity,
  range,
  REPOSITORY,
  reportOf,
  state,
  unprocessed,
} from '../../support/run-report.ts'
import { runs } from '../../support/runs.ts'

const MIB = 1_048_576

const render = (report: RunReport, space = COMMENT_BYTES): string =>
  summaryOf(findingsOf(report, REPOSITORY))(space)

describe('hostile text in a summary', () => {
  /** The text wherever text from outside may stand. */
  const withText = (text: string, changes: Partial<RunReport>): RunReport => {
    const hostile: Partial<Identity> = {
      identifier: `given ${text}`,
      file: `lists/x${text}`,
      observed: state({ identityStatus: text, lifecycleState: text, name: `${text} Known` }),
      listedName: `Listed ${text} Listed`,
      reason: text,
    }
    const excluded: Excluded = {
      ...{ id: null, identifier: text, name: text, file: `lists/x${text}`, line: 1 },
      ...{ by: 'not-listed' as const, bySource: { file: text, line: 1 } },
    }
    return reportOf(
      [
        failed('2c91808568c529c6a', { ...hostile, cause: answered(404, text, text), id: null }),
        failed('2c91808568c529c6b', { ...hostile, cause: { kind: 'state-blocked', state: text } }),
        identity('2c91808568c529c6c', hostile),
        unprocessed('2c91808568c529c6d', { ...hostile, plan: 'enable' }),
        unprocessed('2c91808568c529c6e', {
          ...hostile,
          plan: 'already-enabled',
          cause: { kind: 'already-enabled' },
        }),
        unprocessed('2c91808568c529c6f', {
          ...hostile,
          plan: 'refused',
          cause: { kind: 'changed', planned: text, now: text },
        }),
      ],
      {
        stop: crashed(text),
        notes: [text],
        excluded: [excluded],
        refuseStates: [text],
        denyList: { entries: 2, matched: 1 },
        baseUrl: text,
        apiVersion: text,
        resultsFile: `/tmp/${text}`,
        ...changes,
      },
    )
  }

  it.each<[string, Partial<RunReport>]>([
    ['a run', {}],
    ['a run with names', { showNames: true }],
    ['a plan', { dryRun: true, statesRead: true }],
    ['a plan with names', { dryRun: true, statesRead: true, showNames: true }],
    ['bad input', { result: 'failure' }],
  ])('changes nothing of the structure, links nowhere, and is nothing to a comment: %s', (kind, changes) => {
    const page = (text: string): string => {
      const problems = kind === 'bad input' ? [{ message: text, file: `lists/x${text}`, line: 1 }] : []
      return render(withText(text, { ...changes, problems }))
    }
    // A path out of the repository is no link.
    const expected = structureOf(pageOf(page('x')), 'a')
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(text.trim() !== '')
        const markdown = page(text)
        // What reads commands out of comments does so at the beginning of a line.
        expect(markdown).not.toMatch(/^\s*\//m)
        for (const html of pagesOf(markdown)) {
          expect(structureOf(html, 'a')).toBe(expected)
          expect(resolvedIn(html)).toEqual([])
          for (const link of linksOf(html))
            expect(link).toMatch(
              /^https:\/\/github\.com\/acme\/people\/blob\/c0ffee\/lists\/x[^\s()<>]*\?plain=1#L1$/,
            )
        }
        expect(resolvedIn(pageOf(markdown.replaceAll('<wbr>', '')))).toEqual([])
      }),
      { numRuns: runs(15, 300) },
    )
  })

  it('links to no place outside of the repository', () => {
    const files = ['../x', '/etc/passwd', 'C:\\x', 'a/../../x', 'a\\..\\x', 'x'.repeat(1_000)]
    const page = pageOf(render(reportOf(files.map((file) => failed('a', { file })))))
    expect(linksOf(page)).toEqual([])
    expect(readingOf(page)).toContain('/etc/passwd')
  })

  it.each([
    ['job summary', JOB_SUMMARY_BYTES, MIB],
    ['comment', COMMENT_BYTES, 65_000],
  ])('stays within a %s when everything is a megabyte of the worst text', (_, space, limit) => {
    for (const character of ['@', '@ a ', '漢']) {
      const worst = character.repeat(1_000_000 / character.length)
      const identities = range(50, (index) =>
        failed(`${index}${worst}`, {
          cause: answered(index, `${index}${worst}`),
          file: `${worst}${index}`,
          observed: state({ name: worst, lifecycleState: worst }),
        }),
      )
      const report = reportOf(identities, {
        stop: crashed(worst),
        notes: range(50, () => worst),
        baseUrl: worst,
        resultsFile: worst,
        showNames: true,
      })
      const problems = range(50, () => ({ message: worst, file: '漢'.repeat(500), line: 1 }))
      const pages = [render(report, space), render(reportOf([], { result: 'failure', problems }), space)]
      for (const page of pages) {
        expect(Buffer.byteLength(page)).toBeLessThanOrEqual(limit)
        expect(page).toMatch(/^### ❌ [^\n]+\n/)
        expect(page).toMatch(/… and \d+ more, see the report \(output `results-file`\)/)
      }
      expect(pages[0]).toContain('Took 1 min 12 s')
      expect(pages[0]).toContain('#### What to do next')
    }
  })
})

describe('a summary of 100,000', () => {
  const SHAPES = [
    ['failures', (index: number) => failed(`id-${index}`, { line: index + 1 }), {}],
    [
      'planned',
      (index: number) => unprocessed(`id-${index}`, { line: index + 1, plan: 'enable' }),
      { dryRun: true },
    ],
    [
      'planned with names',
      (index: number) =>
        unprocessed(`id-${index}`, {
          line: index + 1,
          plan: 'enable',
          observed: state({ name: 'Ada Lovelace', lifecycleState: 'active' }),
        }),
      { dryRun: true, showNames: true },
    ],
  ] as const

  it.each(
    SHAPES.flatMap((shape) => [JOB_SUMMARY_BYTES, COMMENT_BYTES].map((space) => [...shape, space] as const)),
  )(
    '%s is cut between entries, and says how many are missing and where they are',
    (_, make, changes, space) => {
      const summary = render(reportOf(range(100_000, make), changes), space)
      expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(space)
      expect(Buffer.byteLength(summary)).toBeGreaterThan(space - 1_000)
      const entries = summary
        .split('\n')
        .filter((line) =>
          /^- <code>id.*<\/code> · \[.*\]\(https:.*#L\d+\)( · 404)?$|^\| Ada.* \| \[.*\]\(https:.*#L\d+\) \| <code>id.*<\/code> \|$/.test(
            line,
          ),
        )
      const [, left] =
        /\n\n… and ([\d,]+) more, see the report \(output `results-file`\)\.\n\n<\/details>/.exec(summary) ??
        []
      expect(entries.length + Number(left?.replaceAll(',', ''))).toBe(100_000)
      expect(summary).toContain('Took 1 min 12 s')
    },
  )
})
