import { describe, expect, it } from '@jest/globals'

import type { Excluded, Identity } from '../../../src/identity.ts'
import { findingsOf } from '../../../src/report/findings/findings.ts'
import type { RunReport } from '../../../src/report/run-report.ts'
import { JOB_SUMMARY_BYTES, summaryOf } from '../../../src/report/summary/summary.ts'
import { linksOf, pageOf, readingOf } from '../../../dev/rendered-markdown.ts'
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

const BLOB = 'https://github.com/acme/people/blob/c0ffee/'

const markdownOf = (report: RunReport): string => summaryOf(findingsOf(report, REPOSITORY))(JOB_SUMMARY_BYTES)

/** What one reads. */
const read = (report: RunReport): string => readingOf(pageOf(markdownOf(report)))

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
    stop: crashed('The token was refused.'),
    notes: ['1 of them is LOCKED.'],
  },
)

describe('the summary of a run', () => {
  const text = read(MIXED)

  it('begins with the result and the tenant in one line, then says why', () => {
    expect(text).toMatch(
      /^❌ The run ended early in acme\.api\.identitynow\.com : 90 of 100 identities succeeded, 8 failed, 2 not processed\. Internal error: The token was refused\. /,
    )
    expect(markdownOf(MIXED)).toMatch(
      /^### ❌ [^\n]*processed\.\n\nInternal error: The token was refused\.\n\n/,
    )
  })

  it('counts with percentages that stay on their line, and says which thresholds were met', () => {
    expect(text).toContain('Result Count Share 🟢 Accepted 90 90% 🔴 Failed 7 7%')
    expect(text).toContain('🟡 Failed, ignored 1 1% ⚪ Not processed 2 2% Total 100 100%')
    expect(text).toContain('Threshold Actual Verdict max-failures: 6 7 ❌ exceeded')
    expect(text).toContain('max-failure-percent: 10% 7% ✅ not exceeded')
    expect(markdownOf(MIXED)).toContain('| 90% |')
  })

  it('names every column', () => {
    expect(markdownOf(MIXED)).not.toMatch(/^\| *\||\| *\|$/m)
  })

  it('groups what failed by reason, with first IDs', () => {
    expect(text).toMatch(
      /404: Referenced identity "…" was not found\. Failed 6 2c91808568c529c60 , 2c91808568c529c61 , 2c91808568c529c62 , …/,
    )
    expect(text).toContain('503: Try later Failed 1 busy')
    expect(text).toContain('409: Conflict Failed, ignored 1 ignored')
  })

  it('says what a reason came to only where that differs', () => {
    expect(text).toContain('Reason Outcome Count First IDs')
    expect(read(reportOf([failed('a'), failed('b', { cause: answered(500, 'Boom') })]))).toMatch(
      /Reason Count First IDs 404: Referenced identity "…" was not found\. 1 a 500: Boom 1 b /,
    )
  })

  it('lists everyone, with a link to the line where there is one', () => {
    expect(text).toContain('Failed: 7 busy · 503 2c91808568c529c60 · a b.csv:2 · 404')
    expect(text).toContain('Not processed: 2 left-0 · ids.txt:1 left-1 · ids.txt:1')
    expect(text).toContain('Accepted: 90 ok-0 · ids.txt:1')
    const links = linksOf(pageOf(markdownOf(MIXED)))
    expect(links).toHaveLength(90 + 6 + 1 + 2)
    expect(links).toContain(`${BLOB}lists/a%20b.csv?plain=1#L2`)
    const elsewhere = summaryOf(findingsOf(MIXED))(JOB_SUMMARY_BYTES)
    expect(linksOf(pageOf(elsewhere))).toEqual([])
  })

  it.each([
    [20, '<details open><summary><b>Accepted: 20</b></summary>'],
    [21, '<details><summary><b>Accepted: 21</b></summary>'],
  ])('lists the %i identities that the run enabled, folded above 20', (count, title) => {
    expect(markdownOf(reportOf(range(count, (index) => identity(`ok-${index}`))))).toContain(title)
  })

  it('keeps those enabled already apart from those that it enabled', () => {
    const report = reportOf([
      identity('a', { verified: true }),
      ...range(49, (index) =>
        identity(`old-${index}`, {
          cause: { kind: 'already-enabled' },
          observed: state({ identityStatus: 'ACTIVE' }),
        }),
      ),
    ])
    expect(read(report)).toContain('🟢 Enabled 1 2% 🔵 Already enabled 49 98% Total 50 100%')
    expect(read(report)).toContain('Enabled: 1 a · ids.txt:1 Already enabled: 49')
  })

  it('has no row that contradicts the headline when all failures are ignored', () => {
    const report = reportOf(
      range(20, (index) => failed(`gone-${index}`, { ignored: true })),
      { maxFailures: 0 },
    )
    expect(read(report)).toContain('🟡 Failed, ignored 20 100%')
    expect(read(report)).not.toMatch(/Failed 0|Accepted 0|Total/)
  })

  it('says how long it took, and nothing that did not happen', () => {
    expect(text).toContain(
      'Took 1 min 12 s · 12 requests · 2 retries · 1 token renewed · waited 3.4 s for the rate limit or Retry-After',
    )
    const traffic = { requests: 1, retries: 0, tokensRenewed: 0, waitedMs: 0, outageMs: 0 }
    expect(read(reportOf([identity('a')], { traffic }))).toMatch(/Took 1 min 12 s · 1 request$/)
    expect(read(reportOf([identity('a')], { traffic: { ...traffic, outageMs: 60_000 } }))).toMatch(
      /ISC did not respond for 1 min$/,
    )
    expect(text).not.toContain('/tmp/')
  })

  it('shows notes, and problems with the inputs at their place', () => {
    expect(text).toContain('Notes 1 of them is LOCKED.')
    const problems = [
      { message: 'The entry "x y" is no id.', file: 'ids.txt', line: 3 },
      { message: 'Other' },
    ]
    const bad = reportOf([], { result: 'failure', problems })
    expect(read(bad)).toContain('Problems The entry "x y" is no id. · ids.txt:3 Other')
    expect(linksOf(pageOf(markdownOf(bad)))).toEqual([`${BLOB}ids.txt?plain=1#L3`])
    const many = reportOf([], { result: 'failure', problems: range(40, () => ({ message: 'Bad' })) })
    expect(read(many)).toContain('… and 15 more, see the report')
  })

  it('says that any failure counts where no threshold is set, and only where a job failed', () => {
    const sentence = 'No threshold is set: any failure fails the job.'
    expect(read(reportOf([failed('a')]))).toContain(sentence)
    expect(read(reportOf([identity('a')]))).not.toContain('threshold is set')
    expect(read(reportOf([failed('a', { ignored: true })]))).not.toContain('threshold is set')
  })

  it('counts the blocked apart, and says how many are excluded', () => {
    const refused = failed('b', { cause: { kind: 'state-blocked', state: 'terminated' }, plan: 'refused' })
    const again = failed('c', { cause: { kind: 'blocked-before' }, plan: 'refused' })
    const report = reportOf([identity('a'), refused, again, identity('d')])
    const text = read({ ...report, counts: { ...report.counts, excluded: 2 } })
    expect(text).toContain('🟣 Blocked 2 50%')
    expect(text).toContain('Excluded 2 identities that were listed before.')
    expect(text).not.toContain('To enable one of them again')
    const empty = reportOf([], { dryRun: true })
    expect(read({ ...empty, counts: { ...empty.counts, excluded: 1 } })).toContain(
      'Excluded 1 identity that was listed before. To enable one of them again, add a new file',
    )
    expect(text).toContain(
      'b · ids.txt:1 · its lifecycle state "terminated" is in refuse-states c · ids.txt:1 · an earlier run blocked it; make a new plan Accepted',
    )
  })

  it('gives an accepted task that was not confirmed no status of success', () => {
    const cause = { kind: 'unconfirmed', accepted: answered(202), seen: state() } as const
    const text = read(reportOf([failed('a', { cause, verified: false })], { verify: true }))
    expect(text).toContain('Reason Count First IDs ISC accepted the task, but')
    expect(text).not.toContain('202:')
    expect(text).toMatch(/Failed: 1 a · ids\.txt:1 Took/)
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
  const planned = { dryRun: true, statesRead: true, identifyBy: 'alias', toEnableCount: 2 } as const
  const report = reportOf(PLAN, { ...planned, maxFailures: 2 })
  const text = read(report)

  it('begins with what a run would do, then the identities that it would enable, then the counts', () => {
    expect(text).toMatch(
      /^📋 Plan for acme\.api\.identitynow\.com : would enable 2 of 6 identities, 1 not found, 1 without exactly one match, 1 of unknown lifecycle state, 1 already enabled\. Not found: 1 .* Without exactly one match: 1 .* Lifecycle state unknown: 1 .* Would enable: 2 new · ids\.txt:1 2c91 \( joe \) · ids\.txt:6 Plan Count Share 🟢 Would enable 2 33\.33%/,
    )
    expect(text).toContain('⚪ Lifecycle state unknown 1 16.67%')
  })

  it('lists each kind with links, and folds those who need nothing', () => {
    expect(text).toContain('Already enabled: 1 old · ids.txt:2 · identity status ACTIVE')
    expect(text).toContain('Not found: 1 gone · ids.txt:3 Without')
    expect(text).toContain('Lifecycle state unknown: 1 odd · ids.txt:4')
    expect(text).toContain(
      'Without exactly one match: 1 jane · ids.txt:5 · 2 identities have the alias "jane" ( 2c91 , 2c92 ). List the identity by its ID.',
    )
    expect(linksOf(pageOf(markdownOf(report)))).toHaveLength(6)
    expect(markdownOf(report)).toContain('<details open><summary><b>Would enable: 2</b></summary>')
    expect(markdownOf(report)).toContain('<details><summary><b>Already enabled: 1</b></summary>')
  })

  it('shows what a run’s failures would come to', () => {
    expect(text).toContain('Threshold Would be Verdict max-failures: 2 2 ✅ not exceeded')
    const failing = read(reportOf(PLAN, { ...planned, maxFailures: 1 }))
    expect(failing).toMatch(
      /^❌ .* The run would fail: 2 failures, more than max-failures 1\. Threshold Would be Verdict max-failures: 1 2 ❌ exceeded Not found: 1 /,
    )
    expect(failing).toContain('max-failures: 1 2 ❌ exceeded')
    expect(failing).toContain('a plan that failed cannot be applied')
    expect(failing).not.toContain('from-report')
  })

  it('says how to apply exactly that, where it can be', () => {
    expect(text).toContain(
      'To apply exactly this plan, pass its report (output results-file ) to from-report ',
    )
    const csv = reportOf(PLAN, { ...planned, maxFailures: 2, resultsFile: '/tmp/x.csv' })
    expect(read(csv)).not.toContain('from-report')
    const proposed = summaryOf(findingsOf(report, { ...REPOSITORY, isOnlyShown: true }))(JOB_SUMMARY_BYTES)
    expect(proposed).not.toContain('from-report')
    expect(read(reportOf(PLAN.slice(1, 2), planned))).not.toContain('from-report')
  })

  it('does not say two things of a plan without a credential', () => {
    const text = read(
      reportOf(
        range(5, (index) => unprocessed(`id-${index}`)),
        { ...planned, statesRead: false },
      ),
    )
    expect(text).toMatch(/^📋 Plan .*, without lifecycle states: would submit 5 identities\./)
    expect(text).toContain('⚪ Lifecycle state unknown 5 100%')
    expect(text).not.toContain('Would enable')
  })

  it('says once why states are unknown, and not at each identity', () => {
    const stop = { reason: 'states-unknown', count: 5, failure: null } as const
    const list = range(5, (index) => unprocessed(`id-${index}`))
    const unread = read(reportOf(list, { ...planned, statesRead: false, stop, result: 'failure' }))
    expect(unread.match(/could not be read/g)).toHaveLength(1)
  })

  it.each(['DEACTIVATED', 'TERMINATED', 'RETIRED'])(
    'has a note for an identity that is %s',
    (identityStatus) => {
      const someone = unprocessed('a', { plan: 'enable', observed: state({ identityStatus }) })
      expect(read(reportOf([someone], planned))).toContain(
        `a · ids.txt:1 · identity status ${identityStatus} `,
      )
    },
  )

  it('names what blocked an identity, when names are not shown too', () => {
    const blocked = [
      unprocessed('a', { plan: 'refused', cause: { kind: 'state-blocked', state: 'Terminated' } }),
      unprocessed('b', { plan: 'refused', cause: { kind: 'changed', planned: 'active', now: 'leaver' } }),
    ]
    const text = read(reportOf(blocked, planned))
    expect(text).toContain(
      'Blocked: 2 a · ids.txt:1 · its lifecycle state "Terminated" is in refuse-states b · ids.txt:1 · its lifecycle state changed since the plan from "active" to "leaver"',
    )
  })
})

describe('names and lifecycle states', () => {
  const ada = { observed: state({ lifecycleState: 'prehire', name: 'Ada Lovelace' }) }
  const plan = [
    unprocessed('2c91', { plan: 'enable', line: 3, ...ada }),
    unprocessed('2c92', { plan: 'enable' }),
  ]
  const shown = { dryRun: true, statesRead: true, showNames: true } as const

  it('are a plan’s first table, with the place in the list', () => {
    expect(read(reportOf(plan, shown))).toMatch(
      /^📋 [^.]*\.api\.identitynow\.com : would enable 2 of 2 identities\. Would enable 1: prehire 1\. Would enable: 2 Name Lifecycle state and reason Location Identity Ada Lovelace prehire ids\.txt:3 2c91 2c92 – ids\.txt:1 – Plan/,
    )
  })

  it('are replaced by the ID where there is no name, and by the reason', () => {
    const gone = failed('dead', { cause: { kind: 'absent' } })
    const other = failed('b', { ...ada, cause: answered(500, 'Boom') })
    expect(read(reportOf([other, gone], { showNames: true }))).toContain(
      'Identity Ada Lovelace prehire 500 ids.txt:1 b dead 404 ids.txt:1 – ',
    )
    expect(read(reportOf([gone], { showNames: true }))).toContain('Failed: 1 dead · ids.txt:1 · 404')
    const nameless = identity('c', { observed: state({ lifecycleState: 'prehire' }) })
    expect(read(reportOf([nameless], { showNames: true }))).toContain('Identity c prehire ids.txt:1 – ')
  })

  it('say once the state that is blocked', () => {
    const refused = (of: string): string =>
      read(
        reportOf(
          [unprocessed('2c91', { plan: 'refused', cause: { kind: 'state-blocked', state: of }, ...ada })],
          {
            ...shown,
          },
        ),
      )
    expect(refused('prehire')).toContain('Identity Ada Lovelace prehire ids.txt:1 2c91')
    expect(refused('LOCKED')).toContain(
      'Identity Ada Lovelace prehire its identity status "LOCKED" is in refuse-states ids.txt:1 2c91',
    )
  })

  it('are beside the identities that a run enabled, and beside the others', () => {
    const text = read(
      reportOf([identity('a', ada), failed('b', { ...ada, cause: answered(500, 'Boom') })], {
        showNames: true,
      }),
    )
    expect(text).toContain('Identity Ada Lovelace prehire ids.txt:1 a')
    expect(text).toContain('Identity Ada Lovelace prehire 500 ids.txt:1 b')
  })

  it('are nowhere when they are not to be shown', () => {
    for (const dryRun of [true, false]) {
      const text = read(
        reportOf([...plan, identity('a', ada), failed('b', ada)], { dryRun, statesRead: true }),
      )
      // But for how many there are in each lifecycle state.
      expect(text.replace(/(Would enable|Accepted) 1: prehire 1\./, '')).not.toMatch(/Ada|prehire/)
    }
  })
})

describe('what is unusual', () => {
  const shown = { dryRun: true, statesRead: true, showNames: true } as const
  const enable = (id: string, lifecycleState: string | null, changes: Partial<Identity> = {}): Identity =>
    unprocessed(id, {
      plan: 'enable',
      observed: state({ lifecycleState, name: `Name of ${id}` }),
      ...changes,
    })
  const active = range(40, (index) => enable(`a${index}`, 'active'))
  const unknown = { observed: state({ isLifecycleKnown: false }) }
  const few = [enable('t', 'terminated'), enable('n', null), enable('u', null, unknown)]

  it('is in the breakdown, the rare states in bold, whether names are shown or not', () => {
    for (const showNames of [true, false]) {
      const markdown = markdownOf(reportOf([...active, ...few], { ...shown, showNames }))
      expect(markdown).toMatch(
        /^### [^\n]+\n\nWould enable 43: active 40, <b>terminated 1<\/b>, <b>without lifecycle state 1<\/b>, <b>lifecycle state unknown 1<\/b>\.\n\n/,
      )
    }
  })

  it('is never one of the many states that are counted together', () => {
    const states = range(12, (index) => range(12 - index, (n) => enable(`${index}-${n}`, `s${index}`)))
    expect(read(reportOf(states.flat(), shown)).replaceAll(' ,', ',')).toContain(
      'Would enable 78: other states 50, s5 7, s6 6, s7 5, s8 4, s9 3, s10 2, s11 1 .',
    )
  })

  it('comes before the many, in bold, and stays in sight where the list is folded', () => {
    expect(read(reportOf([...active, ...few], shown))).toMatch(
      /Would enable: 43 Name Lifecycle state and reason Location Identity Name of t terminated ids\.txt:1 t Name of n – .* Name of a0 active/,
    )
    const more = range(100, (index) => enable(`b${index}`, 'active'))
    const markdown = markdownOf(reportOf([...active, ...few, ...more], shown))
    expect(markdown).toContain('<details open><summary><b>Would enable, unusual: 3</b></summary>')
    expect(markdown).toContain('| Name of t | <b>terminated</b> |')
    expect(markdown).toContain('- Check the lifecycle states in bold: 3 identities.')
    expect(markdown).toContain('<details><summary><b>Would enable, all others: 140</b></summary>')
  })

  it('is a name that differs from the list, and a reason that the list gives', () => {
    const other = enable('m', 'active', { listedName: 'Grace Hopper', reason: 'HR-7 back' })
    expect(read(reportOf([...active, other], shown))).toMatch(
      /Identity Name of m active listed as Grace Hopper, but ISC has the name Name of m reason: HR-7 back ids\.txt:1 m Name of a0/,
    )
    expect(read(reportOf([...active, other], { ...shown, showNames: false }))).toMatch(
      /Would enable: 41 m · ids\.txt:1 · ISC has another name than the list · reason: HR-7 back a0/,
    )
    const gone = unprocessed('x', {
      plan: 'not-found',
      cause: { kind: 'absent' },
      listedName: 'Grace Hopper',
    })
    expect(read(reportOf([gone], shown))).toContain('Identity Grace Hopper – ids.txt:1 x')
  })

  it('names excluded identities before those to enable, and what excluded them', () => {
    const excluded: Excluded = {
      ...{ id: 'd', identifier: 'dave', name: 'Dave', file: 'ids.txt', line: 4 },
      ...{ by: 'deny-list' as const, bySource: { file: 'deny.csv', line: 2 } },
    }
    const blocked = unprocessed('b', { plan: 'refused', cause: { kind: 'state-unknown' } })
    const changes = {
      ...shown,
      excluded: [excluded],
      denyList: { entries: 12, matched: 1 },
      maxFailures: 1,
    }
    const text = read(reportOf([...active.slice(0, 1), blocked], changes))
    expect(text).toMatch(
      /Blocked: 1 b .* Excluded: 1 Dave · d \( dave \) · ids\.txt:4 · on the deny list \( ?deny\.csv:2 ?\) Would enable: 1 /,
    )
    expect(text).toContain('Deny list: 12 entries, 1 on this list.')
    expect(read(reportOf([blocked], { ...changes, showNames: false }))).not.toContain('Dave ')
  })

  it('comes first where there is no space for all, in however many lists', () => {
    const inState = (lifecycleState: string) => ({ observed: state({ lifecycleState }) })
    const identities = [
      ...range(20_000, (index) => failed(`f${index}`, { cause: answered(500, 'Boom') })),
      failed('other', { cause: answered(400, 'Bad') }),
      ...range(20_000, (index) => identity(`s${index}`, inState('active'))),
      identity('rare', inState('terminated')),
      ...range(20_000, (index) => unprocessed(`u${index}`)),
    ]
    const markdown = summaryOf(findingsOf(reportOf(identities), REPOSITORY))(65_000)
    expect(markdown).toMatch(/Failed: 20,001<\/b><\/summary>\n\n- <code>other<\/code>/)
    expect(markdown).toMatch(/Accepted, unusual: 1<\/b><\/summary>\n\n- <code>rare<\/code>/)
    for (const first of ['f0', 's0', 'u0']) expect(markdown).toContain(`- <code>${first}</code>`)
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(65_000)
    expect(Buffer.byteLength(markdown)).toBeGreaterThan(64_000)
  })

  it('leaves the many all the space that the few do not need', () => {
    const few = range(5, (index) => failed(`i${index}`, { cause: answered(409), ignored: true }))
    const report = reportOf([...range(20_000, (index) => failed(`f${index}`)), ...few])
    const markdown = summaryOf(findingsOf(report, REPOSITORY))(65_000)
    expect(Buffer.byteLength(markdown)).toBeGreaterThan(64_000)
    expect(markdown).toContain('<code>i4</code>')
  })

  it('is a task that was accepted and not verified', () => {
    const accepted = unprocessed('b', { cause: answered(202), attempts: 1 })
    const text = read(
      reportOf([accepted], { verify: true, result: 'cancelled', stop: { reason: 'cancelled' } }),
    )
    expect(text).toContain('🟠 Accepted, not verified 1 100%')
    expect(text).toContain(
      '0 of 1 identity succeeded, 0 failed, 1 accepted but not verified, 0 not processed.',
    )
    expect(text).toContain('ISC accepted 1 identity, but the run ended before verification.')
    const putOff = unprocessed('c', { cause: answered(429, 'Slow down'), attempts: 1 })
    expect(read(reportOf([putOff]))).toContain('⚪ Not processed 1 100%')
  })
})
