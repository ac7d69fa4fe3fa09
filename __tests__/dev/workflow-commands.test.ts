import { describe, expect, it } from '@jest/globals'

import { parseWorkflowCommands } from '../../dev/workflow-commands.ts'

describe('parseWorkflowCommands', () => {
  it.each([
    ['::error::boom', 'error', {}, 'boom'],
    ['  \t\u00a0::Error file=a%2Cb%3Ac,line=3::x%0Ay%25', 'error', { file: 'a,b:c', line: '3' }, 'x\ny%'],
    ['text ##[warning file=a%5D;line=2]x%0Dy', 'warning', { file: 'a]', line: '2' }, 'x\ry'],
    ['::notice ::', 'notice', {}, ''],
    ['\u200b::debug::x', 'debug', {}, 'x'],
    ['#\u00ad#[debug]x', 'debug', {}, 'x'],
  ])('%j is a command', (line, name, properties, data) => {
    expect(parseWorkflowCommands(line)).toEqual([{ name, properties, data }])
  })

  it.each([
    'a ::error::x',
    '::error',
    '::unknown::x',
    ': :error::x',
    '## [error]x',
    '##[unknown]x',
    '##[error',
  ])('%j is none', (line) => {
    expect(parseWorkflowCommands(line)).toEqual([])
  })

  it('reads line by line with any line end, and nothing while commands are stopped', () => {
    const output = '::debug::1\r::stop-commands::go on\r\n::debug::2\n::go on::\n'
    expect(parseWorkflowCommands(output).map(({ data }) => data)).toEqual(['1', 'go on'])
    const resumed = '::stop-commands::resume\n::debug::2\n::resume::\n::debug::3'
    expect(parseWorkflowCommands(resumed).map(({ data }) => data)).toEqual(['resume', '3'])
  })
})
