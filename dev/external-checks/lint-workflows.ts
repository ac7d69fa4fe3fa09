/** The linters of the field over all workflows, examples and `action.yml`: `npm run lint:workflows`. */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { ACTIONLINT, isContent, requirePrograms, SHELLCHECK, ZIZMOR } from './program.ts'

requirePrograms(ACTIONLINT, SHELLCHECK, ZIZMOR)

const workflows = globSync(['.github/workflows/*.yml', 'docs/examples/*.yml']).sort()
const shown = workflowsOfPages()
// Without a network, as its other audits need a token. What it finds and we answer: .github/zizmor.yml.
const zizmor = ['--offline', '--strict-collection', '--config=.github/zizmor.yml']
const verdicts = [
  isContent(ACTIONLINT, [...workflows, ...shown]),
  isContent(ZIZMOR, [...zizmor, '--persona=pedantic', '.github/dependabot.yml', 'action.yml', ...workflows]),
  isContent(ZIZMOR, [...zizmor, ...shown]),
]
process.exitCode = verdicts.every(Boolean) ? 0 : 1

/** The whole workflows that pages show, as files. */
function workflowsOfPages(): string[] {
  const folder = join('build', 'workflows-of-pages')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return globSync(['*.md', 'docs/*.md']).flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/^```ya?ml\n(name:.*?)^```$/gms)].map(([, text = ''], index) => {
      const file = join(folder, `${page.replaceAll(/[\\/]/g, '-')}-${index}.yml`)
      writeFileSync(file, text)
      return file
    }),
  )
}
