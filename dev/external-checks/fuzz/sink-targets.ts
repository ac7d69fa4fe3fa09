/** Targets of the fuzzer: every place that text from outside ends in. */
import assert from 'node:assert/strict'

import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { defaultTreeAdapter, parseFragment, type DefaultTreeAdapterTypes } from 'parse5'

import {
  clip,
  forAnnotation,
  forCode,
  forCsvCell,
  forLog,
  forMarkdown,
} from '../../../src/report/words/harmless.ts'
import { parseWorkflowCommands } from '../../workflow-commands.ts'

export function log(data: Buffer): void {
  const text = data.toString()
  for (const line of [forLog(text), forAnnotation(text), `Reason: ${forLog(text)}`]) {
    assert.deepEqual(parseWorkflowCommands(line), [])
    assert.doesNotMatch(line, /[\p{Cc}\p{Zl}\p{Zp}]/u)
    assert.ok(line.length <= 8_100)
  }
}

/** What GitHub turns into links, pictures or formulas in rendered text outside of code. */
const LINKED = /@\w|#\d|GH-\d|:[\w+-]+:|\$/

export function markdown(data: Buffer): void {
  const text = data.toString()
  // A name between backticks is shown as code, without them.
  const shown = clip(text.trim()).trim().replaceAll('\u00a0', ' ').replaceAll('`', '')
  if (shown === '') return
  const { structure } = rendered(around('x'))
  for (const written of [forMarkdown(text), forCode(text)]) {
    const page = rendered(around(written))
    assert.equal(page.structure, structure, JSON.stringify(written))
    assert.ok(
      page.text.replaceAll('`', '').split(shown).length > 4,
      `${JSON.stringify(shown)} is not in ${JSON.stringify(page.text)}`,
    )
    for (const node of page.outsideCode) assert.doesNotMatch(node, LINKED)
  }
}

/** The places that text from outside is written to: a table's cell, a list's item, a heading, a paragraph. */
function around(written: string): string {
  return `| a | b |\n|---|---|\n| ${written} | c |\n\n- ${written}\n\n### ${written}\n\nBefore ${written} after\n`
}

/** The page as a browser has it: its elements (without `code` and `wbr`, which do no harm) and its text. */
function rendered(source: string): { structure: string; text: string; outsideCode: string[] } {
  const html = micromark(source, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  })
  let [structure, text] = ['', '']
  const outsideCode: string[] = []
  const walk = (node: DefaultTreeAdapterTypes.ParentNode): void => {
    for (const child of node.childNodes) {
      if (defaultTreeAdapter.isTextNode(child)) {
        text += child.value.replaceAll('\u00a0', ' ')
        if (node.nodeName !== 'code') outsideCode.push(child.value)
      } else if (!['code', 'wbr'].includes(child.nodeName)) structure += `<${child.nodeName}>`
      if (defaultTreeAdapter.isElementNode(child)) walk(child)
    }
  }
  walk(parseFragment(html))
  return { structure, text, outsideCode }
}

export function csvCell(data: Buffer): void {
  const text = data.toString()
  const cell = forCsvCell(text)
  if (/[",;\t\r\n]/.test(text)) assert.match(cell, /^".*"$/s)
  const bare = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
  assert.doesNotMatch(bare, /^[\t\r\n]/)
  // As a spreadsheet reads it that takes semicolons, tabs and line ends for separators.
  for (const part of bare.split(/[;\t\r\n]/)) assert.doesNotMatch(part, /^["\s\p{C}]*[=+\-@＝＋－＠]/u)
  assert.equal(bare.replaceAll("'", ''), text.replaceAll("'", ''))
}
