import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from '@jest/globals'
import ts from 'typescript'

import { ROOT } from '../dev/run-action.ts'

/** What readers of a text trip over, and what the project says instead. */
const WORDS: Readonly<Record<string, RegExp>> = {
  'identities that …, no identity, anyone who …': /\b(whom|whoever|whatever|nobody|somebody|everybody)\b/g,
  'is in, is listed in': /\b(stands?|stood|standing) in\b/g,
  fix: /\b(mend|mends|mended)\b/g,
  remove: /\b(take|takes|taken|took) off\b/g,
  manually: /\bby hand\b/g,
  already: /\bby now\b/g,
  'no longer': /\bany more\b/g,
  'retry, attempt': /\bfurther (try|tries)\b/g,
  'the previous run': /\bthe run before\b/g,
  exclude: /\b(leave|leaves|leaving|left) out\b/g,
  resolve: /\b(looks?|looked|looking)[ -]up\b/g,
  'block (a guard), reject (ISC), invalid (an input)':
    /\b(refuses?(?!-states)|refused|refusing|refusals?|malformed|not accepted)\b/g,
  'run, enablement (ISC has certification campaigns)': /\b(?<!certification )campaigns?\b/g,
  'email address': /\be-mails?\b/g,
  'no metaphors: layer, folder, dev tools, external check, outage':
    /\b(house|rooms?|floors?|workshop|referees?|weather)\b/g,
}

/** Words that are never right in the prose of comments and test titles; in messages they may be names. */
const WORDS_OF_CODE: Readonly<Record<string, RegExp>> = {
  ...WORDS,
  'is, is in': /\b(stands|stand in|stood)\b/g,
  'no longer': /\bany longer\b/g,
  'ID, IDs': /(?<![\w-])ids?\b(?!-)/g,
}

/** How often a word is still in a file. To be emptied; UPDATE_STYLE=1 writes it anew. */
const EXCEPTIONS = '__tests__/fixtures/style-exceptions.json'

const PAGES = globSync(['*.md', 'docs/*.md', '__tests__/*.md', '**/action.yml'], {
  cwd: ROOT,
  exclude: ['**/node_modules/**', 'build/**', 'reports/**', 'dev/**'],
})
const SOURCES = globSync('src/**/*.ts', { cwd: ROOT })

test('texts for people use the words of the field', () => {
  const found: Record<string, Record<string, number>> = {}
  for (const path of [...PAGES, ...SOURCES].map((name) => name.replaceAll('\\', '/')).sort()) {
    const words = forbiddenIn(textOf(path))
    if (Object.keys(words).length > 0) found[path] = words
  }
  const file = join(ROOT, EXCEPTIONS)
  if (process.env['UPDATE_STYLE'] === '1') writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`)
  const known = JSON.parse(readFileSync(file, 'utf8')) as typeof found
  const added = Object.entries(found).flatMap(([path, words]) =>
    Object.entries(words)
      .filter(([word, times]) => times > (known[path]?.[word] ?? 0))
      .map(([word, times]) => `${path}: "${word}", ${times} times; say: ${insteadOf(word)}`),
  )
  expect(added).toEqual([])
})

test('comments and test titles use them too', () => {
  const found = globSync(['{src,dev,__tests__}/**/*.{ts,js}', '*.js'], {
    cwd: ROOT,
    exclude: ['**/node_modules/**'],
  }).flatMap((path) =>
    remarksOf(readFileSync(join(ROOT, path), 'utf8')).flatMap((remark) =>
      Object.keys(forbiddenIn(proseOf(remark), WORDS_OF_CODE)).map(
        (word) => `${path}: "${word}" in ${remark}`,
      ),
    ),
  )
  expect(found).toEqual([])
})

test('sees words in a page and in strings of the sources, and no names', () => {
  const source =
    "import a from './rooms.ts'\nconst room = `no${a}body, nobody` + 'by hand, refuse-states' // whom\n"
  expect(forbiddenIn(stringsOf(source))).toEqual({ nobody: 1, 'by hand': 1 })
  expect(remarksOf(`${source}/** Who. */\nif (a) { // x\nit.each([1])('%s', f)\n// end\n}`).sort()).toEqual(
    ['/** Who. */', '// end', '// whom', '// x', '%s'].sort(),
  )
  expect(forbiddenIn(proseOf('Nobody is left\nout: `weather`.'))).toEqual({ nobody: 1, 'left out': 1 })
})

/** How often each forbidden word is in a text. */
function forbiddenIn(text: string, forbidden = WORDS): Record<string, number> {
  const squeezed = text
    .replace(/\s+(\* )?/g, ' ')
    .replaceAll(/\bIDs?\b/g, '')
    .toLowerCase()
  const found = Object.values(forbidden).flatMap((words) => squeezed.match(words) ?? [])
  return Object.fromEntries(
    [...Map.groupBy(found, (word) => word)].map(([word, { length }]) => [word, length]),
  )
}

function insteadOf(word: string): string {
  const [instead = ''] = Object.entries(WORDS).find(([, words]) => word.search(words) >= 0) ?? []
  return instead
}

function textOf(path: string): string {
  const text = readFileSync(join(ROOT, path), 'utf8')
  return path.endsWith('.ts') ? stringsOf(text) : proseOf(text)
}

/** A page without what is in code. */
function proseOf(page: string): string {
  return page.replaceAll(/`[^`\n]+`/g, '`…`')
}

/** The string literals of a module, a line each, without the modules that it imports. */
function stringsOf(source: string): string {
  const strings: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      strings.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('module.ts', source, ts.ScriptTarget.Latest))
  return strings.join('\n;')
}

/** The comments of a module, and the titles of its tests. */
function remarksOf(source: string): string[] {
  const file = ts.createSourceFile('module.ts', source, ts.ScriptTarget.Latest, true)
  const comments = new Map<number, string>()
  const titles: string[] = []
  const visit = (node: ts.Node): void => {
    for (const place of [node.getFullStart(), node.getEnd()])
      for (const ranges of [ts.getLeadingCommentRanges, ts.getTrailingCommentRanges])
        for (const { pos, end } of ranges(source, place) ?? []) comments.set(pos, source.slice(pos, end))
    if (ts.isCallExpression(node) && /^(it|test|describe|on[A-Z]\w+)\b/.test(node.expression.getText(file))) {
      const [title] = node.arguments
      if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return [...comments.values(), ...titles]
}
