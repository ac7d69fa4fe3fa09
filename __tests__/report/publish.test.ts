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
  readonly isComplete: boolean
}

function published(
  report: RunReport,
  {
    jobSummary = true,
    setOutput = null as ((name: string) => void) | null,
    summaryFile = join(folder, 'summary.md'),
    more = {},
    defaultResultsFile = join(folder, 'default.json'),
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
  let isComplete = false
  const stdout = captureStdout(() => {
    const destinations = { defaultResultsFile, jobSummary }
    ;({ isComplete } = publish(report, createLog(false), destinations, { commands, environment }))
  })
  return { stdout, outputs, isComplete }
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
      /^::group::Result\nReport: .*\nFailed: 1 identity\. 404: Referenced identity "…" was not found\.\n {2}b ids\.txt:1\n::endgroup::\n::error title=[^:]*::1 of 2 identities failed \(50%25\) in acme\.api\.identitynow\.com\.\n/,
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
    expect(summary().includes('To apply exactly this plan')).toBe(isAdvised)
  })

  it('writes no summary where none is wanted, or outside of GitHub', () => {
    const report = reportOf([], {
      resultsFile: join(folder, 'report.json'),
      summaryFile: join(folder, 'own.md'),
    })
    published(report, { jobSummary: false })
    expect(summary).toThrow('ENOENT')
    expect(published(report, { summaryFile: '' }).stdout).not.toContain('::warning')
  })

  it('names no summary where it cannot be written', () => {
    writeFileSync(join(folder, 'file'), '')
    const summaryFile = join(folder, 'file', 'summary.md')
    const { stdout, outputs, isComplete } = published(
      reportOf([identity('a')], { resultsFile: join(folder, 'report.json'), summaryFile }),
    )
    expect(stdout).toContain(`::warning::The summary could not be written to ${summaryFile}`)
    expect(outputs.get('summary-file')).toBe('')
    expect(isComplete).toBe(true)
  })

  it('writes the summary’s file whether or not a job summary is wanted', () => {
    const summaryFile = join(folder, 'below', 'summary.md')
    for (const jobSummary of [true, false]) {
      rmSync(summaryFile, { force: true })
      published(reportOf([identity('a')], { resultsFile: join(folder, 'report.json'), summaryFile }), {
        jobSummary,
      })
      expect(readFileSync(summaryFile, 'utf8')).toMatch(/^### ✅ ISC accepted 1 identity in /)
      expect(readdirSync(join(folder, 'below'))).toEqual(['summary.md'])
    }
  })

  it.each<[string, Partial<RunReport>]>([
    ['bad input', { result: 'failure', problems: [{ message: 'Bad' }] }],
    ['a cancel', { result: 'cancelled', stop: { reason: 'cancelled' } }],
    ['nothing to do', {}],
    ['a plan', { dryRun: true }],
  ])('gives the same summary to the job and to its file after %s', (_, changes) => {
    const summaryFile = join(folder, 'own.md')
    published(reportOf([], { resultsFile: join(folder, 'report.json'), summaryFile, ...changes }))
    const [shown, facts] = readFileSync(summaryFile, 'utf8').split('\n<!-- isc-enable-identities: ')
    expect(shown).toBe(summary())
    expect(facts).toMatch(/^\{"changed":true,"failed":(true|false),"enabled":0\} -->\n$/)
  })

  it('cuts the summary’s file to a comment’s size, and the job summary only to the runner’s', () => {
    const summaryFile = join(folder, 'own.md')
    const many = range(20_000, (index) => failed(`id-${index}`))
    published(reportOf(many, { resultsFile: join(folder, 'report.json'), summaryFile }))
    const comment = readFileSync(summaryFile, 'utf8')
    expect(comment.length).toBeLessThanOrEqual(65_000)
    expect(comment.length).toBeGreaterThan(60_000)
    expect(summary().length).toBeGreaterThan(900_000)
  })

  describe('when something cannot be written', () => {
    const noOutputs = (): never => {
      throw new Error('No outputs today')
    }
    const resultOf = (path: string): unknown =>
      (JSON.parse(readFileSync(path, 'utf8')) as { result: unknown }).result
    beforeEach(() => writeFileSync(join(folder, 'file'), ''))

    it('writes the report to its default path, and says that the job fails', () => {
      const { stdout, outputs, isComplete } = published(
        reportOf([identity('a')], { resultsFile: join(folder, 'file', 'report.json') }),
      )
      expect(isComplete).toBe(false)
      expect(stdout).toMatch(/::error::The report could not be written to .*: E/)
      expect(resultOf(join(folder, 'default.json'))).toBe('failure')
      expect(outputs.get('results-file')).toBe(join(folder, 'default.json'))
      expect(outputs.get('result')).toBe('failure')
      expect(outputs.get('succeeded-ids')).toBe('["a"]')
      expect(summary()).toMatch(
        /^### ❌ ISC accepted 1 identity .* the outputs or the report could not be written\./,
      )
      expect(stdout).not.toContain('succeeded: 1 identity')
    })

    it('lists all IDs in the log where the outputs cannot be set', () => {
      const resultsFile = join(folder, 'report.json')
      const many = range(300, (index) => identity(`id-${index}`))
      const { stdout, isComplete } = published(
        reportOf([...many, failed('b'), unprocessed('c')], { resultsFile, result: 'success' }),
        {
          setOutput: noOutputs,
        },
      )
      expect(isComplete).toBe(false)
      expect(stdout).toContain('::error::The outputs could not be set: No outputs today')
      expect(stdout).toContain(
        'failed: 1 identity.\n  b\nunprocessed: 1 identity.\n  c\nsucceeded: 300 identities.\n',
      )
      expect(stdout).toContain(
        '  id-290, id-291, id-292, id-293, id-294, id-295, id-296, id-297, id-298, id-299\n',
      )
      expect(resultOf(resultsFile)).toBe('failure')
    })

    it('lists all IDs in the log where no report can be written, and keeps a cancelled run cancelled', () => {
      const path = join(folder, 'file', 'report.json')
      const { stdout, outputs, isComplete } = published(
        reportOf([identity('a')], { resultsFile: path, result: 'cancelled', stop: { reason: 'cancelled' } }),
        { defaultResultsFile: path },
      )
      expect(isComplete).toBe(false)
      expect(stdout).toContain('succeeded: 1 identity.\n  a\n')
      expect(outputs.get('result')).toBe('cancelled')
      expect(outputs.get('results-file')).toBe('')
    })

    it('warns of a summary, and writes the rest', () => {
      const { stdout, isComplete } = published(
        reportOf([failed('b')], {
          resultsFile: join(folder, 'report.json'),
          summaryFile: join(folder, 'file', 'summary.md'),
        }),
      )
      expect(isComplete).toBe(true)
      expect(stdout).toMatch(/::warning::The summary could not be written to .*summary\.md: E/)
      expect(summary()).toContain('###')
      const elsewhere = published(
        reportOf([], { resultsFile: join(folder, 'report.json'), summaryFile: join(folder, 'own.md') }),
        { summaryFile: folder },
      )
      expect(elsewhere.stdout).toMatch(/::warning::The job summary could not be written: (Error: )?EISDIR/)
      expect(elsewhere.isComplete).toBe(true)
    })
  })

  it('sets the outputs before anything else, and says which list does not fit', () => {
    const outputs: string[] = []
    const many = range(30_000, (index) => identity(`id-${index}`.padEnd(30, 'x')))
    const { stdout } = published(reportOf(many, { resultsFile: join(folder, 'report.json') }), {
      setOutput: (name) => {
        expect(readdirSync(folder)).toEqual([])
        outputs.push(name)
      },
    })
    expect(outputs[0]).toBe('result')
    expect(stdout).toContain(
      '::warning::The output `succeeded-ids` is empty: with it, the outputs would be larger',
    )
  })
})
