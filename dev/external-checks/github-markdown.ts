/**
 * GitHub's own Markdown parser (cmark-gfm) over hostile text as summaries and comments hold it: `npm run markdown`.
 * What it renders may differ from harmless text in nothing, link nowhere, and hold nothing for the filters after it.
 */
import { spawnSync } from 'node:child_process'

import fc from 'fast-check'
import { parseFragment } from 'parse5'

import { forCode, forMarkdown } from '../../src/report/words/harmless.ts'
import { HOSTILE, hostileText } from '../hostile-text.ts'
import { linksOf, resolvedIn, structureOf } from '../rendered-markdown.ts'

const VERSION = '2025.10.22'
const TEXTS = 4_000
const LINK = 'https://github.com'

/** The places that text from outside is written to. */
const AROUND = `| a | b |\n|---|---|\n| TEXT | TEXT |\n\n- TEXT · [TEXT](${LINK})\n- TEXT\n\nTEXT\n\n### TEXT\n`

const RENDER = `
import importlib.metadata, json, sys
import cmarkgfm
from cmarkgfm.cmark import Options
assert importlib.metadata.version("cmarkgfm") == "${VERSION}"
render = lambda text: cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
json.dump([render(text) for text in json.load(sys.stdin)], sys.stdout)
`

function render(texts: readonly string[]): string[] {
  const { status, stdout } = spawnSync(process.env['PYTHON'] ?? 'python3', ['-c', RENDER], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 1024 ** 3,
  })
  if (status === 0) return JSON.parse(stdout) as string[]
  console.error(
    'This needs Python (or the one that the environment variable PYTHON names) with GitHub’s parser:',
  )
  console.error(`  python3 -m pip install cmarkgfm==${VERSION}`)
  process.exit(2)
}

const seed = Number(process.argv[2] ?? Date.now() % 1_000_000)
const texts = [...HOSTILE, ...fc.sample(hostileText, { numRuns: TEXTS, seed })].filter(
  (text) => text.trim() !== '',
)
const written = texts.flatMap((text) => [forMarkdown(text), forCode(text)])
const [harmless = '', ...pages] = render(
  ['x', ...written].map((text) => AROUND.replaceAll('TEXT', () => text)),
)
const structure = structureOf(parseFragment(harmless))
const findings = pages.flatMap((html, index) => {
  const page = parseFragment(html)
  const isSame = structureOf(page) === structure && linksOf(page).join() === LINK
  const resolved = resolvedIn(page)
  return isSame && resolved.length === 0 ? [] : [{ markdown: written[index], resolved }]
})
for (const finding of findings.slice(0, 10)) console.error(JSON.stringify(finding))
console.log(`GitHub’s Markdown, seed ${seed}: ${pages.length} pages, ${findings.length} with a finding.`)
process.exitCode = findings.length === 0 ? 0 : 1
