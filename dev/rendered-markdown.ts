import { marked } from 'marked'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { defaultTreeAdapter as tree, parseFragment, type DefaultTreeAdapterTypes } from 'parse5'

type Element = DefaultTreeAdapterTypes.Element
type ParentNode = DefaultTreeAdapterTypes.ParentNode

/** A page as a browser has it: parsed by the HTML standard, from Markdown rendered by one of two implementations. */
export type Page = DefaultTreeAdapterTypes.DocumentFragment

/** Two implementations of GitHub-flavoured Markdown, which know nothing of each other. */
export const RENDERERS: Readonly<Record<string, (markdown: string) => string>> = {
  marked: (markdown) => marked.parse(markdown, { async: false }),
  micromark: (markdown) =>
    micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] }),
}

/** The page by each implementation. */
export function pagesOf(markdown: string): Page[] {
  return Object.values(RENDERERS).map((render) => parseFragment(render(markdown)))
}

/** The page by one of them. */
export function pageOf(markdown: string): Page {
  return parseFragment(marked.parse(markdown, { async: false }))
}

/** Elements that the harmless text itself may add: none of them means anything to its surroundings. */
const OF_TEXT = new Set(['code', 'wbr'])

/** The elements of a page in their order and depth (`ul(li(a))`), without those in text, and without others named. */
export function structureOf(node: ParentNode, ...without: readonly string[]): string {
  return node.childNodes
    .flatMap((child) => {
      if (!tree.isElementNode(child)) return []
      const inner = structureOf(child, ...without)
      if (without.includes(child.tagName) || (OF_TEXT.has(child.tagName) && !isBlockOfCode(child)))
        return inner === '' ? [] : [inner]
      return [`${child.tagName}${inner === '' ? '' : `(${inner})`}`]
    })
    .join(' ')
}

function isBlockOfCode({ parentNode }: Element): boolean {
  return parentNode !== null && 'tagName' in parentNode && parentNode.tagName === 'pre'
}

/** Every element of a page. */
export function elementsOf(node: ParentNode): Element[] {
  return node.childNodes.flatMap((child) => (tree.isElementNode(child) ? [child, ...elementsOf(child)] : []))
}

/** The targets of links. */
export function linksOf(page: Page): string[] {
  return elementsOf(page).flatMap(({ attrs }) =>
    attrs.filter(({ name }) => ['href', 'src'].includes(name)).map(({ value }) => value),
  )
}

/** What one reads: the text with a space between elements, but for those within a word. */
export function readingOf(page: Page): string {
  return textsOf(page, () => true)
    .join(' ')
    .replaceAll('\u200b', '')
    .replace(/[\s\u00a0]+/g, ' ')
    .trim()
}

/** The text nodes of a page below elements that are included; what only `<wbr>` separates is one node. */
function textsOf(node: ParentNode, includes: (element: Element) => boolean): string[] {
  const texts: string[] = []
  let isOpen = false
  for (const child of node.childNodes) {
    if (tree.isTextNode(child)) {
      if (isOpen) texts.push(`${texts.pop() ?? ''}${child.value}`)
      else texts.push(child.value)
      isOpen = true
    } else if (tree.isElementNode(child) && child.tagName !== 'wbr') {
      isOpen = false
      if (includes(child)) texts.push(...textsOf(child, includes))
    }
  }
  return texts
}

/**
 * What GitHub turns into links, pictures or formulas in comments, after it has parsed the Markdown. It does so in text
 * nodes outside of `pre`, `code` and `a` (html-pipeline's filters, from which GitHub's descend). The nodes around a
 * `wbr` are joined, because GitHub might remove it before.
 */
const RESOLVED: Readonly<Record<string, RegExp>> = {
  mention: /(^|\W)@[\w-]/,
  reference: /#\d|\bGH-\d/i,
  commit: /\b[0-9a-f]{7,40}\b/i,
  'own autolink': /\b[A-Z]+-\w/,
  address: /\b(https?|ftp|mailto|xmpp):\S|\bwww\.|[\w.+-]@[\w-]/i,
  emoji: /:[\w+-]+:/,
  formula: /\$/,
}
const IGNORED = new Set(['pre', 'code', 'a'])

/** What GitHub would resolve in a comment with this page. */
export function resolvedIn(page: Page): string[] {
  return textsOf(page, ({ tagName }) => !IGNORED.has(tagName)).flatMap((text) =>
    Object.entries(RESOLVED)
      .filter(([, pattern]) => pattern.test(text))
      .map(([kind]) => `${kind}: ${text}`),
  )
}
