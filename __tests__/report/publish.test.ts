import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import * as core from '@actions/core'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { createLog } from '../../src/report/log/log.ts'
import { publish } from '../../src/report/publish.ts'
import type { RunReport } from '../../src/report/run-report.ts'
import { failed, identity, range, reportOf, unprocessed } from '../support/run-report.ts'
import { captureStdout } from '../support/stdout.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'publish-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Published {
  readonly stdout: string
  readonly outputs: ReadonlyMap<string, string>
}

function published(
  report: RunReport,
  {
    wantsSummary = true,
    setOutput = null as (() => never) | null,
    summaryFile = join(folder, 'summary.md'),
    more = {},
  } = {},
): Published {
  const outputs = new Map<string, string>()
  const commands = {
    ...core,
    setOutput: setOutput ?? ((name: string, value: string) => void outputs.set(name, value)),
  }
  const environment = {
    GITHUB_STEP_SUMMARY: summaryFile,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'acme/people',
    GITHUB_SHA: 'c0ffee',
    ...more,
  }
  const stdout = captureStdout(() =>
    publish(report, createLog(false), wantsSummary, { commands, environment }),
  )
  return { stdout, outputs }
}

const summary = (): string => readFileSync(join(folder, 'summary.md'), 'utf8')

describe('publish', () => {
  it('writes outputs, report, summary, verdict and annotations', () => {
    const resultsFile = join(folder, 'report.json')
    writeFileSync(join(folder, 'summary.md'), 'of an earlier part\n')
    const { stdout, outputs } = published(
      reportOf([identity('a'), failed('b')], { resultsFile, summaryFile: join(folder, 'own.md') }),
    )
    expect(outputs.get('failed-ids')).toBe('["b"]')
    expect(readFileSync(resultsFile, 'utf8')).toContain('"schemaVersion": 1')
    expect(summary()).toMatch(/^of an earlier part\n### ❌/)
    expect(summary()).toContain('https://github.com/acme/people/blob/c0ffee/ids.txt')
    expect(stdout).toMatch(
      /^::group::Result\n2 identities: 1 succeeded, 1 failed, 0 not processed\.\nReport: .*\n::endgroup::\n❌ 1 of 2 identities failed \(50 %\) on acme\.api\.identitynow\.com\.\n::error title/,
    )
  })

  it('links to the commit that is checked out, where there is one', () => {
    mkdirSync(join(folder, '.git'))
    writeFileSync(join(folder, '.git', 'HEAD'), `${'a'.repeat(40)}\n`)
    published(reportOf([failed('b')]), { more: { GITHUB_WORKSPACE: folder } })
    expect(summary()).toContain(`https://github.com/acme/people/blob/${'a'.repeat(40)}/ids.txt`)
  })

  it.each([
    ['pull_request', false],
    ['pull_request_target', false],
    ['merge_group', false],
    ['push', true],
    ['workflow_dispatch', true],
  ])('advises after %s to apply the plan: %s', (event, isAdvised) => {
    const plan = reportOf([unprocessed('a', { plan: 'enable' })], { dryRun: true, statesRead: true })
    published(plan, { more: { GITHUB_EVENT_NAME: event } })
    expect(summary().includes('give its report')).toBe(isAdvised)
  })

  it('writes no summary where none is wanted, or outside of GitHub', () => {
    const report = reportOf([], { resultsFile: '', summaryFile: '' })
    published(report, { wantsSummary: false })
    expect(summary).toThrow('ENOENT')
    expect(published(report, { summaryFile: '' }).stdout).not.toContain('::warning')
  })

  it('writes the summary’s file whether or not a job summary is wanted', () => {
    const summaryFile = join(folder, 'below', 'summary.md')
    for (const wantsSummary of [true, false]) {
      rmSync(summaryFile, { force: true })
      published(reportOf([identity('a')], { resultsFile: '', summaryFile }), { wantsSummary })
      expect(readFileSync(summaryFile, 'utf8')).toMatch(/^### ✅ ISC accepted 1 identity on /)
      expect(readdirSync(join(folder, 'below'))).toEqual(['summary.md'])
    }
  })

  it.each<[string, Partial<RunReport>]>([
    ['bad input', { result: 'failure', problems: [{ message: 'Bad' }] }],
    ['a cancel', { result: 'cancelled', stopped: 'The run was cancelled.' }],
    ['nothing to do', {}],
    ['a plan', { dryRun: true }],
  ])('gives the same summary to the job and to its file after %s', (_, changes) => {
    const summaryFile = join(folder, 'own.md')
    published(reportOf([], { resultsFile: '', summaryFile, ...changes }))
    expect(readFileSync(summaryFile, 'utf8')).toBe(summary())
  })

  it('cuts the summary’s file to a comment’s size, and the job summary only to the runner’s', () => {
    const summaryFile = join(folder, 'own.md')
    const many = range(20_000, (index) => failed(`id-${index}`))
    published(reportOf(many, { resultsFile: '', summaryFile }))
    const comment = readFileSync(summaryFile, 'utf8')
    expect(comment.length).toBeLessThanOrEqual(65_000)
    expect(comment.length).toBeGreaterThan(60_000)
    expect(summary().length).toBeGreaterThan(900_000)
  })

  it('writes the rest when something cannot be written, and says so', () => {
    writeFileSync(join(folder, 'file'), '')
    const { stdout } = published(
      reportOf([failed('b')], {
        resultsFile: join(folder, 'file', 'report.json'),
        summaryFile: join(folder, 'file', 'summary.md'),
      }),
      {
        setOutput: () => {
          throw new Error('No outputs today')
        },
      },
    )
    expect(stdout).toContain('::warning::The outputs could not be set: No outputs today')
    expect(stdout).toMatch(/::warning::The report could not be written to .*: E/)
    expect(stdout).toMatch(/::warning::The summary could not be written to .*summary\.md: E/)
    expect(stdout).toContain('::error title')
    expect(summary()).toContain('###')
    expect(
      published(reportOf([], { resultsFile: '', summaryFile: '' }), { summaryFile: folder }).stdout,
    ).toMatch(/::warning::The job summary could not be written: (Error: )?EISDIR/)
  })
})
