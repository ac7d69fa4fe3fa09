import { expect } from '@jest/globals'

/** The tags of a rendered page in order, without the invisible `wbr` and without attributes. */
export function tagsOf(html: string): string[] {
  return [...html.matchAll(/<(\/?[a-z][a-z0-9]*|!--)[^>]*>?/gi)]
    .map(([, name = '']) => name.toLowerCase())
    .filter((name) => name !== 'wbr')
}

/** The targets of links. */
export function linksOf(html: string): string[] {
  return [...html.matchAll(/ href="([^"]*)"/g)].map(([, href = '']) => decoded(href))
}

/** The text nodes of a rendered page. */
export function textsOf(html: string): string[] {
  return html.split(/<[^>]*>/).map(decoded)
}

export function decoded(html: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: '\u00a0' }
  return html.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    return hex === undefined ? (named[String(name)] ?? all) : String.fromCodePoint(parseInt(String(hex), 16))
  })
}

/** What GitHub turns into links, pictures or formulas in the text nodes of a page, after rendering. */
const LINKED = [
  /www\./i,
  /(https?|ftp):\/\//i,
  /(mailto|xmpp):\S/i,
  /[\w.+-]@[\w-]/,
  /@\w/,
  /#\d/,
  /GH-\d/i,
  /:[\w+-]+:/,
  /\$[^$]*\$/,
]

export function expectNothingToLink(html: string): void {
  expect(textsOf(html).filter((text) => LINKED.some((pattern) => pattern.test(text)))).toEqual([])
}
