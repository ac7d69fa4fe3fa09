/** The linters of the field over all workflows, examples and `action.yml`: `npm run lint:workflows`. */
import { globSync } from 'node:fs'

import { ACTIONLINT, isContent, requirePrograms, SHELLCHECK, ZIZMOR } from './program.ts'

requirePrograms(ACTIONLINT, SHELLCHECK, ZIZMOR)

const workflows = globSync(['.github/workflows/*.yml', 'docs/examples/*.yml']).sort()
const verdicts = [
  isContent(ACTIONLINT, workflows),
  // Without a network, as its other audits need a token. What it finds and we answer: .github/zizmor.yml.
  isContent(ZIZMOR, [
    '--offline',
    '--persona=pedantic',
    '--strict-collection',
    '--config=.github/zizmor.yml',
    '.github/dependabot.yml',
    'action.yml',
    ...workflows,
  ]),
]
process.exitCode = verdicts.every(Boolean) ? 0 : 1
