import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { createLog } from '../../../src/report/log/log.ts'
import { hostileText } from '../../../dev/hostile-text.ts'
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
