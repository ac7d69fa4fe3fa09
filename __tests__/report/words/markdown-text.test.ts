import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { marked } from 'marked'

import { forCode, forMarkdown } from '../../../src/report/words/harmless.ts'
import { HOSTILE, hostileText } from '../../support/hostile-text.ts'
import { decoded, expectNothingToLink, tagsOf, textsOf } from '../../support/rendered-markdown.ts'

const AROUND = `| a | b |\n|---|---|\n| <code>TEXT</code> | TEXT |\n\n- TEXT · [TEXT](https://github.com)\n- TEXT\n\nTEXT\n\n### TEXT\n`
const render = (text: string): string =>
  marked.parse(
    AROUND.replaceAll('TEXT', () => text),
    { async: false },
  )

describe('forMarkdown', () => {
  it('reads as the text that was given', () => {
    const html = render(forMarkdown('a*b_c <d> |e| @f #1 :g: https://h.example [i](j) `k` $l$'))
    expect(decoded(html.replaceAll('<wbr>', ''))).toContain(
      'a*b_c <d> |e| @f #1 :g: https://h.example [i](j) `k` $l$',
    )
  })

  it.each(HOSTILE)('leaves the structure around it alone, and nothing to link: %j', (text) => {
    const html = render(forMarkdown(text))
    expect(tagsOf(html)).toEqual(tagsOf(render('x')))
    expectNothingToLink(html)
  })

  it('does so for any text', () => {
    const expected = tagsOf(render('x'))
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(text.trim() !== '')
        const html = render(forMarkdown(text))
        expect(tagsOf(html)).toEqual(expected)
        expectNothingToLink(html)
      }),
      { numRuns: 500 },
    )
  })

  it('grows by a bounded factor', () => {
    expect(forMarkdown('@'.repeat(1_000_000)).length).toBeLessThanOrEqual(300 * 10)
  })
})

describe('forCode', () => {
  it('is one element whose text is the text given', () => {
    expect(textsOf(marked.parseInline(forCode('`a` | <b>'), { async: false })).join('')).toBe('`a` | <b>')
  })
})
