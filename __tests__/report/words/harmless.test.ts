import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { clip, clipInput, forAnnotation, forCsvCell, forLog } from '../../../src/report/words/harmless.ts'
import { HOSTILE, hostileText } from '../../../dev/hostile-text.ts'
import { parseWorkflowCommands } from '../../../dev/workflow-commands.ts'

describe('clip', () => {
  it.each([
    ['a\nb\rc\td', 'a\\nb\\rc\\td'],
    ['\u202ex\u2066', '\\u{202e}x\\u{2066}'],
    ['\u001b[31m\0', '\\u{1b}[31m\\u{0}'],
    ['\u2028\u2029\u0085', '\\u{2028}\\u{2029}\\u{85}'],
    ['\u200b\ufeff\u{e0041}', '\\u{200b}\\u{feff}\\u{e0041}'],
    ['\ud800x', '�x'],
    ['plain, ünïcödé 👍', 'plain, ünïcödé 👍'],
  ])('makes visible what is not: %j', (text, seen) => {
    expect(clip(text)).toBe(seen)
  })

  it('cuts with an ellipsis, never through a character', () => {
    expect(clip('abcdef', 6)).toBe('abcdef')
    expect(clip('abcdefg', 6)).toBe('abcde…')
    expect(clip('abc👍👍', 5)).toBe('abc…')
    expect(clip('abcd👍', 5)).toBe('abcd…')
  })

  it('always gives one line of well-formed visible text within the limit', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const clipped = clip(text, limit)
        expect(clipped.length).toBeLessThanOrEqual(limit)
        expect(clipped.isWellFormed()).toBe(true)
        expect(clipped).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      }),
    )
  })
})

describe('forLog', () => {
  it.each([
    ['::error::x', ': :error::x'],
    ['  ::error::x', '  : :error::x'],
    ['a ##[error]x', 'a ## [error]x'],
    ['std::vector at 10:00', 'std::vector at 10:00'],
  ])('%j becomes %j', (text, line) => {
    expect(forLog(text)).toBe(line)
  })

  it.each(HOSTILE)('lets no command through: %j', (text) => {
    expect(parseWorkflowCommands(`${forLog(text)}\n${forAnnotation(text)}\n`)).toEqual([])
  })

  it('lets no command through, with any text and any text before it', () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom('', ' ', '#', 'Reason: '), (text, before) => {
        expect(parseWorkflowCommands(forLog(before + text))).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })

  it('cuts a megabyte', () => {
    expect(forLog('x'.repeat(1_000_000))).toHaveLength(8_000)
    expect(forAnnotation('\n'.repeat(1_000_000)).length).toBeLessThan(4_096)
  })
})

describe('forCsvCell', () => {
  it.each([
    ['2c9180', '2c9180'],
    ['a "b", c', '"a ""b"", c"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(1)', "'@SUM(1)"],
    [' =1', "' =1"],
    ['"=1', '"\'""=1"'],
    ["'=1", "''=1"],
    ['＝1', "'＝1"],
    ['\tx', '"\'\tx"'],
    ['\rx', '"\'\rx"'],
    ['a;=1', '"a;\'=1"'],
    ['a\n=1', '"a\n\'=1"'],
    ['a\n\v=1', '"a\n\'\v=1"'],
    ['', ''],
  ])('%j becomes %j', (text, cell) => {
    expect(forCsvCell(text)).toBe(cell)
  })

  it('begins no formula, not even where semicolons, tabs and line ends separate cells; and can be undone', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, formulaText), (text) => {
        const cell = unquoted(forCsvCell(text))
        expect(cell).not.toMatch(/^[\t\r\n]/)
        for (const part of cell.split(/[;\t\r\n]/)) expect(part).not.toMatch(/^["\s]*[=+\-@]/)
        expect(withoutApostrophes(cell)).toBe(text)
      }),
      { numRuns: 1_000 },
    )
  })

  it('takes time in proportion to the text', () => {
    expect(forCsvCell('\t;" '.repeat(250_000)).length).toBeGreaterThan(1_000_000)
  })
})

/** The dangerous characters, in any order. */
const formulaText = fc.string({
  unit: fc.constantFrom('=', '+', '-', '@', ';', '"', "'", ' ', '\t', '\n', '\r', 'a'),
})

function unquoted(cell: string): string {
  return cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
}

/** What the documentation of forCsvCell says undoes it. */
function withoutApostrophes(cell: string): string {
  return cell.replace(
    /^'(?=["'\s\p{C}]*[=+\-@＝＋－＠\t\r\n])|(?<=[;\t\r\n])'(?=[["'\s\p{C}]--[\t\r\n]]*[=+\-@＝＋－＠])/gv,
    '',
  )
}

it.each([
  ['terminated', 'terminated'],
  ['a state of seven words and more', 'a state of seven…'],
  ['x'.repeat(64), '…'],
  [`ok,${'x'.repeat(64)}`, 'ok,…'],
])('what an input holds is cut between words, because a part of a secret has no mask: %s', (text, shown) => {
  expect(clipInput(text, 20)).toBe(shown)
})
