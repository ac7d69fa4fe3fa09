/**
 * Writes the tables of inputs and outputs into README.md from action.yml: `node dev/docs.ts`.
 * A test holds the two together.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { readManifest, ROOT, type Manifest } from './run-action.ts'

/** README.md with its generated parts made anew. */
export function withTables(readme: string, { inputs, outputs }: Manifest): string {
  const cell = (text: string): string => text.trim().replaceAll('|', '\\|')
  const inputRows = Object.entries(inputs).map(([name, input]) => {
    const fallback = input.default === undefined ? '' : `\`${input.default}\``
    return `| \`${name}\` | ${fallback} | ${cell(input.description)} |`
  })
  const outputRows = Object.entries(outputs).map(
    ([name, output]) => `| \`${name}\` | ${cell(output.description)} |`,
  )
  const withInputs = replaced(readme, 'inputs', [
    '| Input | Default | Meaning |',
    '| --- | --- | --- |',
    ...inputRows,
  ])
  return replaced(withInputs, 'outputs', ['| Output | Value |', '| --- | --- |', ...outputRows])
}

function replaced(text: string, name: string, lines: readonly string[]): string {
  const [begin, end] = [
    `<!-- ${name}: generated from action.yml by npm run docs -->\n`,
    `\n<!-- end of ${name} -->`,
  ]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < 0) throw new Error(`README.md has no place for the ${name}.`)
  return `${text.slice(0, from)}${begin}\n${lines.join('\n')}\n${text.slice(to)}`
}

if (import.meta.main) {
  const file = join(ROOT, 'README.md')
  await writeFile(file, withTables(await readFile(file, 'utf8'), await readManifest()))
}
