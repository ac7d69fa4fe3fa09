import { describe, expect, it, test } from '@jest/globals'
import fc from 'fast-check'

import { createLog, createProgress, createWaitLog } from '../../../src/report/log/log.ts'
import { hostileText } from '../../../dev/hostile-text.ts'
import { rejection } from '../../support/run-report.ts'
import { captureStdout } from '../../support/stdout.ts'
import { parseWorkflowCommands } from '../../../dev/workflow-commands.ts'

const namesIn = (output: string): string[] => parseWorkflowCommands(output).map(({ name }) => name)

describe('createLog', () => {
  it('writes lines and folded groups, and closes a group before the next', () => {
    const output = captureStdout(() => {
      const log = createLog(false)
      log.endGroup()
      log.group('Set-up')
      log.info('one')
      log.group('Sending')
      log.endGroup()
      log.endGroup()
    })
    expect(output).toBe('::group::Set-up\none\n::endgroup::\n::group::Sending\n::endgroup::\n')
  })

  it('writes debug lines only with debug logging', () => {
    expect(captureStdout(() => createLog(false).debug('x'))).toBe('')
    expect(captureStdout(() => createLog(true).debug('x'))).toBe('::debug::x\n')
  })

  it('forms exactly the commands that were meant, one line each, from any text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const output = captureStdout(() => {
          const log = createLog(true)
          log.group(text)
          log.info(text)
          log.debug(text)
          log.warning(text)
          log.endGroup()
        })
        expect(namesIn(output)).toEqual(['group', 'debug', 'warning', 'endgroup'])
        expect(output.split(/[\r\n]/)).toHaveLength(6)
        for (const { data } of parseWorkflowCommands(output)) expect(namesIn(data)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})

/** Runs `steps` of [seconds since the start, done, failed] and returns the lines with their seconds. */
function run(total: number, steps: readonly (readonly [number, number, number])[]): [number, string][] {
  const lines: [number, string][] = []
  let seconds = 0
  const log = { info: (line: string) => void lines.push([seconds, line]) }
  const progress = createProgress(log, 'sent', total, () => seconds * 1000)
  for (const [at, done, failed] of steps) {
    seconds = at
    progress.update(done, failed)
  }
  expect(progress.elapsed()).toBe(seconds * 1000)
  return lines
}

describe('createProgress', () => {
  it('is silent in a short run', () => {
    const steps = [
      [1, 300, 0],
      [2, 600, 2],
      [4, 1_000, 7],
    ] as const
    expect(run(1_000, steps)).toEqual([])
  })

  it('says how far a long run is, how fast, and how long it will still take', () => {
    const steps = [
      [10, 1_000, 3],
      [20, 10_000, 3],
    ] as const
    expect(run(10_000, steps)).toEqual([
      [10, '1,000 of 10,000 sent (10%), 3 failed, 100 per second, about 1 min 30 s left.'],
    ])
  })

  it('does not speak of failures where there are none', () => {
    expect(run(100, [[10, 10, 0]])).toEqual([
      [10, '10 of 100 sent (10%), 1 per second, about 1 min 30 s left.'],
    ])
  })

  it('writes one line for every tenth of a long run', () => {
    const steps = Array.from({ length: 100 }, (_, index) => [index + 1, (index + 1) * 100, 0] as const)
    expect(run(10_000, steps).map(([at]) => at)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90])
  })

  it('is never within 5 s of its last line, and never silent for much more than 30 s', () => {
    const fast = Array.from({ length: 20 }, (_, index) => [(index + 1) / 2, (index + 1) * 50, 0] as const)
    expect(run(1_000, fast).map(([at]) => at)).toEqual([5])
    const slow = Array.from({ length: 100 }, (_, index) => [index + 1, index + 1, 0] as const)
    expect(run(1_000_000, slow).map(([at]) => at)).toEqual([30, 60, 90])
  })

  it('promises no time while ISC does not respond', () => {
    const lines: string[] = []
    let at = 0
    const log = { info: (line: string) => lines.push(line) }
    const progress = createProgress(
      log,
      'sent',
      100,
      () => at,
      () => true,
    )
    at = 10_000
    progress.update(20)
    expect(lines).toEqual(['20 of 100 sent (20%).'])
  })

  it('copes with nothing done', () => {
    expect(run(1_000, [[30, 0, 0]])).toEqual([[30, '0 of 1,000 sent (0%), 0 per second.']])
  })
})

/** The lines that these events write, on a clock that does not advance. */
function linesOf(happens: (waitLog: ReturnType<typeof createWaitLog>) => void): string[] {
  const lines: string[] = []
  happens(createWaitLog({ info: (line) => lines.push(line) }, 300_000, () => 0))
  return lines
}

test('a wait that an answer asks for names its status, also before the first retry', () => {
  const lines = linesOf(({ onWait, onRetry }) => {
    onWait('retry-after', 8_000, 429)
    onRetry(rejection(429))
    onRetry(rejection(500, 'Busy'))
    onWait('back-off', 16_000)
    onRetry(rejection(503))
    onWait('rate-limit', 6_000)
  })
  expect(lines).toEqual([
    'ISC answered 429 and asks to wait. The run continues in 8 s (`Retry-After`).',
    'ISC answered 500. The action retries the request. The summary counts all retries.',
    'ISC answered 500. The request is retried in 16 s.',
    'The run waits 6 s for the rate limit (`rate-limit`).',
  ])
})

test('a wait between rounds says why, also without a request that is retried', () => {
  expect(linesOf(({ onWait }) => onWait('round', 6_000))).toEqual([
    'ISC did not accept some identities yet. The action submits them again in 6 s.',
  ])
})

test('an answer that cannot be read is named as such', () => {
  const failure = {
    kind: 'unreadable',
    operation: 'enable',
    status: 200,
    fault: 'its body is not JSON',
    trackingId: null,
  } as const
  const lines = linesOf(({ onWait, onRetry }) => {
    onRetry(failure)
    onWait('back-off', 16_000)
  })
  expect(lines).toEqual([
    "ISC's answer (200) cannot be read: its body is not JSON. The action retries the request. The summary counts all retries.",
    "ISC's answer (200) cannot be read: its body is not JSON. The request is retried in 16 s.",
  ])
})

test('a request without an answer is said once', () => {
  const failure = {
    kind: 'no-answer',
    operation: 'enable',
    host: 'acme',
    fault: 'timeout',
    detail: '',
  } as const
  const lines = linesOf(({ onRetry }) => {
    onRetry(failure)
    onRetry(failure)
  })
  expect(lines).toEqual(['A request got no answer. The action checks whether ISC responds.'])
})

test('an outage without an answer says that the run can end earlier', () => {
  expect(linesOf(({ onWait }) => onWait('outage', 6_000))).toEqual([
    'ISC stopped responding. The run tries one request at a time for up to 5 min (`outage-timeout`). If ISC never responded in this run, the run ends after `max-retries` retries.',
  ])
})

test('an outage is said once, with its time-out, and its end', () => {
  const lines = linesOf(({ onWait, onOutageEnd }) => {
    onWait('outage', 6_000, 503)
    onWait('outage', 20_000, 503)
    onOutageEnd(72_000)
    onOutageEnd(72_000)
  })
  expect(lines).toEqual([
    'ISC stopped responding (503). The run tries one request at a time for up to 5 min (`outage-timeout`).',
    'ISC responds again, after 1 min 12 s.',
  ])
})
