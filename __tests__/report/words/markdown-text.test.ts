import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { forCode, forMarkdown } from '../../../src/report/words/harmless.ts'
import { HOSTILE, hostileText } from '../../../dev/hostile-text.ts'
import {
  linksOf,
  pageOf,
  pagesOf,
  readingOf,
  resolvedIn,
  structureOf,
} from '../../../dev/rendered-markdown.ts'
import { runs } from '../../support/runs.ts'

const AROUND = `| a | b |\n|---|---|\n| TEXT | TEXT |\n\n- TEXT · [TEXT](https://github.com)\n- TEXT\n\nTEXT\n\n### TEXT\n`
const around = (text: string): string => AROUND.replaceAll('TEXT', () => text)
const EXPECTED = structureOf(pageOf(around('x')))

/** Expects of both implementations that the structure is unchanged, and that there is no link but the one of `AROUND`. */
function expectHarmless(markdown: string): void {
  for (const page of pagesOf(around(markdown))) {
    expect(structureOf(page)).toBe(EXPECTED)
    expect(linksOf(page)).toEqual(['https://github.com'])
    expect(resolvedIn(page)).toEqual([])
  }
}

/** As in `expectHarmless`. What is harmless as it is, is hostile elsewhere, and a test of it could not fail. */
function isHarmless(markdown: string): boolean {
  return pagesOf(around(markdown)).every(
    (page) =>
      structureOf(page) === EXPECTED &&
      linksOf(page).join() === 'https://github.com' &&
      resolvedIn(page).length === 0,
  )
}

describe('forMarkdown', () => {
  it('reads as the text that was given', () => {
    const text = 'a*b_c <d> |e| @f #1 :g: https://h.example [i](j) `k!` $l$ m@n.o "p" (q), r.'
    for (const page of pagesOf(forMarkdown(text)))
      expect(readingOf(page).replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
  })

  it.each([
    'Referenced identity was not found.',
    'Status 404: the "token" was refused, 1,000 of them – more …',
    'Jean-Luc O’Brien',
    'Über 山田 太郎',
  ])('leaves plain words as they are: %j', (text) => {
    expect(forMarkdown(text)).toBe(text)
  })

  it.each([
    ['the id 2c91808568c529c6.', 'the id <code>2c91808568c529c6</code>.'],
    ['see "https://x" (y_z)', 'see "<code>https&#58;<wbr>//x</code>" (<code>y&#95;z</code>)'],
    ['JIRA-12 and FOO-bar', '<code>JIRA-12</code> and <code>FOO-bar</code>'],
    ['see www.…', 'see <code>www</code>&#46;…'],
    ['a defaced 1234567', 'a <code>defaced 1234567</code>'],
    ['- a', '<code>&#45;</code> a'],
    ['1. a', '1&#46; a'],
    ['33% of it, 0.5% < 1', '33% of it, 0&#46;5% <code>&#60;</code> 1'],
    ['Check `tenant` (or `base-url`).', 'Check <code>tenant</code> (or <code>base-url</code>).'],
    ['`v2025` or (`ORG_ADMIN`),', '<code>v2025</code> or (<code>ORG&#95;ADMIN</code>),'],
    ['the scope `idn:read`', 'the scope <code>idn&#58;<wbr>read</code>'],
    ['`SAIL_CLIENT_SECRET`.', '<code>SAIL&#95;CLIENT&#95;SECRET</code>.'],
    ['see (`fetch-depth: 0`): x', 'see (<code>fetch-depth: 0</code>): x'],
    ['a` b `c and `d e', '<code>a&#96;</code> b <code>&#96;c</code> and <code>&#96;d</code> e'],
    ['no `1234567` and `a`b`', 'no <code>&#96;1234567&#96;</code> and <code>&#96;a&#96;b&#96;</code>'],
  ])('puts in code what is more than words: %j', (text, markdown) => {
    expect(forMarkdown(text)).toBe(markdown)
  })

  it.each(HOSTILE.filter((text) => !isHarmless(text)))(
    'leaves the structure around it alone, and nothing to link: %j',
    (text) => {
      expectHarmless(forMarkdown(text))
      expectHarmless(forCode(text))
    },
  )

  it('does so for any text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(text.trim() !== '')
        expectHarmless(forMarkdown(text))
        expectHarmless(forCode(text))
      }),
      { numRuns: runs(150, 5_000) },
    )
  })

  it('needs no wbr where a comment’s filters look', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(resolvedIn(pageOf(`x ${forMarkdown(text).replaceAll('<wbr>', '')}`))).toEqual([])
      }),
    )
  })

  it('grows by a bounded factor', () => {
    expect(forMarkdown('@'.repeat(1_000_000)).length).toBeLessThanOrEqual(300 * 11)
    expect(forMarkdown('@ a '.repeat(1_000_000)).length).toBeLessThanOrEqual(300 * 11)
  })
})

describe('forCode', () => {
  it('is one element whose text is the text given', () => {
    for (const page of pagesOf(forCode('`a` | <b>'))) expect(readingOf(page)).toBe('`a` | <b>')
  })
})

describe('the parsers that check', () => {
  it.each([
    ['mention', 'a &#64;octocat'],
    ['reference', 'owner/name&#35;1'],
    ['reference', 'GH<wbr>-1'],
    ['commit', 'at 0123abcd'],
    ['own autolink', 'JIRA-1'],
    ['address', 'http<wbr>&#58;//x.example'],
    ['address', 'a&#64;<wbr>b.example'],
    ['emoji', '&#58;tada&#58;'],
    ['formula', '&#36;'],
  ])('sees a %s in %j', (kind, markdown) => {
    for (const page of pagesOf(markdown))
      expect(resolvedIn(page).map((text) => text.split(':')[0])).toContain(kind)
  })
})
