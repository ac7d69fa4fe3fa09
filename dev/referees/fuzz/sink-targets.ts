/** Targets of the fuzzer: every place that text from outside ends in. */
import assert from 'node:assert/strict'

import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { defaultTreeAdapter, parseFragment, type DefaultTreeAdapterTypes } from 'parse5'

import { clip, forAnnotation, forCode, forCsvCell, forLog, forMarkdown } from '../../../src/report/words/harmless.ts'
import { parseWorkflowCommands } from '../../workflow-commands.ts'

export function log(data: Buffer): void {
  const text = data.toString()
  for (const line of [forLog(text), forAnnotation(text), `Reason: ${forLog(text)}`]) {
    assert.deepEqual(parseWorkflowCommands(line), [])
    assert.doesNotMatch(line, /[\p{Cc}\p{Zl}\p{Zp}]/u)
    assert.ok(line.length <= 8_100)
  }
}

export function markdown(data: Buffer): void {
  const text = data.toString()
  const shown = clip(text.trim())
  for (const [written, start] of [
    [forMarkdown(text), '<p>'],
    [forCode(text), '<p><code>'],
  ] as const) {
    const { structure, content } = rendered(`| a | b |\n|---|---|\n| ${written} | c |\n\n${written}\n\n- ${written}\n`)
    assert.equal(structure, rendered(`| a | b |\n|---|---|\n| ${start === '<p>' ? 'x' : '<code>x</code>'} | c |\n\n${start === '<p>' ? 'x' : '<code>x</code>'}\n\n- ${start === '<p>' ? 'x' : '<code>x</code>'}\n`).structure)
    if (shown !== '') assert.equal(content.split(shown).length, 4, `${JSON.stringify(shown)} in ${JSON.stringify(content)}`)
  }
}

/** The page as a browser has it: its elements, and its text. `wbr`, which breaks what would be linked, is not seen. */
function rendered(source: string): { structure: string; content: string } {
  const html = micromark(source, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] })
  let [structure, content] = ['', '']
  const walk = (node: DefaultTreeAdapterTypes.ParentNode): void => {
    for (const child of node.childNodes) {
      if (defaultTreeAdapter.isTextNode(child)) content += child.value
      else if (child.nodeName !== 'wbr') structure += `<${child.nodeName}>`
      if (defaultTreeAdapter.isElementNode(child)) walk(child)
    }
  }
  walk(parseFragment(html))
  return { structure, content }
}

export function csvCell(data: Buffer): void {
  const text = data.toString()
  const cell = forCsvCell(text)
  if (/[",;\t\r\n]/.test(text)) assert.match(cell, /^".*"$/s)
  const bare = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
  assert.doesNotMatch(bare, /^[\t\r\n]/)
  // As a spreadsheet reads it that takes semicolons, tabs and line ends for separators.
  for (const part of bare.split(/[;\t\r\n]/)) assert.doesNotMatch(part, /^["'\s]*[=+\-@＝＋－＠]/.test(part) && part.startsWith("'") ? /^$/ : /^["\s]*[=+\-@＝＋－＠]/)
  assert.equal(bare.replaceAll("'", ''), text.replaceAll("'", ''))
}
