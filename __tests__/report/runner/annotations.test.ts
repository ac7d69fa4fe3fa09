import * as core from '@actions/core'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { Excluded } from '../../../src/identity.ts'
import { findingsOf } from '../../../src/report/findings/findings.ts'
import { annotate } from '../../../src/report/runner/annotations.ts'
import type { RunReport } from '../../../src/report/run-report.ts'
import { hostileText } from '../../../dev/hostile-text.ts'
import {
  answered,
  crashed,
  failed,
  identity,
  range,
  rejection,
  reportOf,
  state,
  unprocessed,
} from '../../support/run-report.ts'
import { captureStdout } from '../../support/stdout.ts'
import { parseWorkflowCommands, type WorkflowCommand } from '../../../dev/workflow-commands.ts'

const annotated = (report: RunReport): WorkflowCommand[] =>
  parseWorkflowCommands(captureStdout(() => annotate(findingsOf(report), core)))

/** `level file:line message`, without what is missing. */
const briefly = (report: RunReport): string[] =>
  annotated(report).map(({ name, properties: { file, line }, data }) =>
    [name, file === undefined ? '' : `${file}:${line ?? ''}`, data].filter((part) => part !== '').join(' '),
  )

describe('annotate', () => {
  it('says nothing of a run without anything to say', () => {
    expect(annotated(reportOf([identity('a')]))).toEqual([])
  })

  it('gives the verdict, then what failed at its line, one of each reason first', () => {
    const identities = [
      failed('gone-1'),
      failed('gone-2', { line: 2 }),
      failed('boom', { line: 9, cause: answered(500, 'Boom') }),
      failed('gone-3', { file: 'a-later-one.txt' }),
    ]
    expect(briefly(reportOf(identities))).toEqual([
      'error 4 of 4 identities failed (100%) in acme.api.identitynow.com.',
      'error ids.txt:1 gone-1: 404: Referenced identity "gone-1" was not found.',
      'error ids.txt:9 boom: 500: Boom',
      'error ids.txt:2 gone-2: 404: Referenced identity "gone-2" was not found.',
      'error a-later-one.txt:1 gone-3: 404: Referenced identity "gone-3" was not found.',
    ])
  })

  it('gives each reason, where they do not all fit, rather than more of the same', () => {
    const gone = range(20, (index) => failed(`gone-${index}`, { line: index + 1 }))
    const boom = failed('boom', { line: 99, cause: answered(500, 'Boom') })
    const lines = briefly(reportOf([...gone, boom]))
    expect(lines).toHaveLength(10)
    expect(lines[2]).toBe('error ids.txt:99 boom: 500: Boom')
    expect(lines[9]).toMatch(/^error ids\.txt:8 gone-7: /)
    const within = briefly(reportOf([...gone, boom], { maxFailures: 30, notes: range(12, String) }))
    expect(within).toEqual([
      ...range(9, (index) => `warning ${index}`),
      'warning And 3 more: see the job summary, or the file of the output `summary-file`.',
    ])
  })

  it('groups the IDs of an inline list by reason', () => {
    const inline = { file: null, line: null }
    const report = reportOf([
      failed('a1', inline),
      failed('b1', inline),
      failed('c1', { ...inline, cause: answered(400, 'Referenced identity "c1" was not found.') }),
    ])
    expect(briefly(report).slice(1)).toEqual([
      'error Failed: 2 identities. 404: Referenced identity "…" was not found. IDs: a1, b1',
      'error Failed: 1 identity. 400: Referenced identity "…" was not found. ID: c1',
    ])
  })

  it('keeps to 10 of each level, those that count first', () => {
    const identities = range(100, (index) => failed(`id-${index}`, { line: index + 1, ignored: index < 50 }))
    const notes = range(30, String)
    const commands = annotated(reportOf(identities, { notes }))
    for (const level of ['error', 'warning', 'notice']) {
      expect(commands.filter(({ name }) => name === level)).toHaveLength(10)
    }
    expect(commands[1]?.properties).toMatchObject({ file: 'ids.txt', line: '51' })
    expect(commands.at(-10)).toMatchObject({ name: 'notice', properties: { line: '1' } })
  })

  it('warns of failures within the thresholds, and of notes', () => {
    const report = reportOf([failed('a1'), failed('b1', { ignored: true, cause: answered(409) })], {
      maxFailures: 2,
      notes: ['Locked.'],
    })
    expect(briefly(report).map((line) => line.slice(0, 20))).toEqual([
      'warning Locked.',
      'warning ids.txt:1 a1',
      'notice ids.txt:1 b1:',
    ])
  })

  it('gives one annotation for a cause that many share, and none but the verdict for a wrong tenant', () => {
    const cause = { kind: 'request-failed', failure: rejection(400, 'Bad batch') } as const
    const shared = range(30, (index) => failed(`a${index}`, { cause, line: index + 1 }))
    expect(briefly(reportOf(shared)).slice(1)).toEqual([
      'error Failed: 30 identities. ISC rejected the enable request (400): Bad batch. IDs: a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, …',
    ])
    expect(briefly(reportOf(shared.slice(0, 1))).slice(1)).toEqual([
      'error ids.txt:1 a0: ISC rejected the enable request (400): Bad batch.',
    ])
    const gone = range(30, (index) => failed(`a${index}`, { line: index + 1 }))
    expect(briefly(reportOf(gone, { stop: { reason: 'wrong-tenant', count: 30 } }))).toHaveLength(1)
    const stop = { reason: 'rejected', failure: rejection(400, 'Bad batch'), isEverything: false } as const
    expect(briefly(reportOf(shared, { stop }))).toHaveLength(1)
    expect(briefly(reportOf(shared, { stop: { ...stop, failure: rejection(403) } }))).toHaveLength(2)
  })

  it('warns at their lines of names that differ, and of identities that are excluded', () => {
    const observed = state({ name: 'Ada' })
    const other = unprocessed('m', { plan: 'enable', listedName: 'Bob', observed, line: 7 })
    const bySource = { file: 'deny.csv', line: 2 }
    const entry = { id: null, name: null, file: 'ids.txt', by: 'deny-list', bySource } as const
    const excluded = range(12, (index) => ({ ...entry, identifier: `d${index}`, line: index + 20 }))
    const plan = { dryRun: true, statesRead: true, excluded, notes: ['Locked.'] } as const
    const lines = briefly(reportOf([other], plan))
    expect(lines).toHaveLength(10)
    expect(lines.slice(0, 3)).toEqual([
      'warning Locked.',
      'warning ids.txt:7 m: ISC has another name than the list. Check that the ID is right.',
      'warning ids.txt:20 Excluded d0: on the deny list (deny.csv:2).',
    ])
    expect(lines.at(-1)).toBe(
      'warning And 5 more: see the job summary, or the file of the output `summary-file`.',
    )
    const few = briefly(reportOf([], { ...plan, excluded: excluded.slice(0, 9) }))
    expect(few.at(-1)).toBe('warning ids.txt:28 Excluded d8: on the deny list (deny.csv:2).')
  })

  it('gives the verdict of a cancelled run', () => {
    const report = reportOf([identity('a'), unprocessed('b')], { result: 'cancelled' })
    expect(briefly(report)).toEqual([
      'error Cancelled in acme.api.identitynow.com: 1 of 2 identities succeeded, 0 failed, 1 not processed.',
    ])
  })

  it('puts each problem with the inputs at its place, and counts those that do not fit', () => {
    const problems = range(12, (index) => ({
      message: `ids.txt: Bad ${index}`,
      file: 'ids.txt',
      line: index + 1,
    }))
    const lines = briefly(reportOf([], { result: 'failure', problems }))
    expect(lines).toHaveLength(10)
    expect(lines[0]).toBe('error ids.txt:1 Line 1 of ids.txt: Bad 0')
    expect(lines[9]).toBe('error And 3 more: see the job summary, or the file of the output `summary-file`.')
  })

  it('warns of what a plan did not find, at its line', () => {
    const report = reportOf(
      [
        unprocessed('a1', { plan: 'enable' }),
        unprocessed('b1', { plan: 'not-found', cause: { kind: 'absent' }, line: 2 }),
      ],
      { dryRun: true, maxFailures: 1 },
    )
    expect(briefly(report)).toEqual(['warning ids.txt:2 b1: 404: Referenced identity "b1" was not found.'])
  })

  it.each([
    [true, ' (Ada Lovelace, prehire)'],
    [false, ''],
  ])('names people only where names are shown (%s)', (showNames, who) => {
    const observed = state({ name: 'Ada Lovelace', lifecycleState: 'prehire' })
    const cause = answered(500, 'Boom')
    const report = reportOf(
      [
        failed('a1', { observed, cause }),
        failed('b1', { observed, cause: answered(400, 'Bad'), file: null, line: null }),
      ],
      { showNames },
    )
    expect(briefly(report).slice(1)).toEqual([
      `error ids.txt:1 a1${who}: 500: Boom`,
      `error Failed: 1 identity. 400: Bad. ID: b1${who}`,
    ])
  })

  it('forms exactly the annotations that were meant, from any text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(text.trim() !== '')
        const identities = [
          failed(text, { cause: answered(404, text), file: text, line: 7 }),
          failed('b', { id: null, cause: answered(404, text), file: null, line: null, ignored: true }),
        ]
        const excluded: Excluded = {
          ...{ id: null, identifier: text, name: text, file: text, line: 1 },
          ...{ by: 'deny-list' as const, bySource: { file: text, line: 1 } },
        }
        const commands = annotated(
          reportOf(identities, { stop: crashed(text), notes: [text], excluded: [excluded] }),
        )
        expect(commands.map(({ name }) => name)).toEqual(['error', 'error', 'warning', 'warning', 'notice'])
        expect(commands[1]?.properties['file']?.toWellFormed()).toBe(text.toWellFormed())
        for (const { data } of commands) {
          expect(parseWorkflowCommands(data)).toEqual([])
          expect(data.length).toBeLessThan(4_096)
        }
        const problems = annotated(
          reportOf([], { result: 'failure', problems: [{ message: text, file: text }] }),
        )
        expect(problems.map(({ name }) => name)).toEqual(['error'])
      }),
      { numRuns: 300 },
    )
  })

  it('cuts a megabyte', () => {
    const [verdict, entry] = annotated(
      reportOf([failed('a', { cause: answered(404, 'x'.repeat(1_000_000)) })]),
    )
    expect(verdict?.data.length).toBeLessThan(4_096)
    expect(entry?.data).toMatch(/^a: 404: x{200,}…$/)
  })
})
