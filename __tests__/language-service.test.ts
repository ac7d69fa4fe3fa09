import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { validate, type ActionsMetadataProvider } from '@actions/languageservice'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { parse } from 'yaml'

import { readManifest, ROOT } from '../dev/run-action.ts'
import { yamlExamples } from './support/workflow-rules.ts'

/** GitHub's own language service, which editors use: it knows workflows, expressions and `action.yml`. */

const OWN = 'OWNER/isc-enable-identities'
const FILES = globSync(['.github/workflows/*.yml', 'docs/examples/*.yml', '{comment/,}action.yml'], {
  cwd: ROOT,
}).sort()
const PAGES = globSync(['docs/*.md', '*.md'], { cwd: ROOT }).sort()

/** Its data lack the payload of the event merge_group. */
const UNKNOWN_TO_IT = 'Context access might be invalid: merge_group'

/** Without a network, it knows the inputs of this action alone. */
let actionsMetadataProvider: ActionsMetadataProvider
/** The service keeps what it parsed by address, so each text gets one of its own. */
let texts = 0

beforeAll(async () => {
  const own = { name: 'Own', description: '', ...(await readManifest()) }
  const comment = parse(read('comment/action.yml')) as typeof own
  actionsMetadataProvider = {
    fetchActionMetadata: ({ owner, name, path }) =>
      Promise.resolve(
        `${owner}/${name}` === OWN ? (path === 'comment' ? comment : own) : { name, description: '' },
      ),
  }
})

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** What the service finds, of any severity. */
async function findings(text: string, path = '.github/workflows/workflow.yml'): Promise<string[]> {
  const known = text.replaceAll(/uses: \.\/$/gm, `uses: ${OWN}@v1`)
  const document = TextDocument.create(
    `file:///${(texts += 1)}/${path.replaceAll('\\', '/')}`,
    'yaml',
    1,
    known,
  )
  const found = await validate(document, { actionsMetadataProvider })
  return found
    .filter(({ message }) => message !== UNKNOWN_TO_IT)
    .map(({ range, message }) => {
      const sentence = typeof message === 'string' ? message : message.value
      return `line ${range.start.line + 1}: ${sentence}`
    })
}

test.each(FILES)('%s has no finding', async (path) => {
  expect(await findings(read(path), path)).toEqual([])
})

test.each(PAGES)('whole workflows in %s have none', async (path) => {
  const workflows = yamlExamples(read(path)).filter((example) => /^on:/m.test(example))
  for (const workflow of workflows) expect(await findings(workflow)).toEqual([])
})

describe('a wrong workflow is found', () => {
  const good = `on:
  push:
permissions: {}
jobs:
  first:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    outputs:
      result: \${{ steps.enable.outputs.result }}
    steps:
      - id: enable
        if: github.event_name == 'push'
        uses: ${OWN}@v1
        with:
          identity-ids: a1
  second:
    needs: first
    runs-on: ubuntu-latest
    steps:
      - run: echo "$RESULT"
        env:
          RESULT: \${{ needs.first.outputs.result }}
`

  test('and a right one is not', async () => expect(await findings(good)).toEqual([]))

  test.each([
    ['steps.enable.', 'steps.unable.', 'Context access might be invalid: unable'],
    ['contents: read', 'content: read', "Unexpected value 'content'"],
    ['contents: read', 'contents: readable', "Unexpected value 'readable'"],
    ['identity-ids:', 'identity-id:', "Invalid action input 'identity-id'"],
    ['needs.first.outputs.result', 'needs.first.outputs.results', 'Context access might be invalid: results'],
    ['needs: first', 'needs: fist', "Job 'second' depends on unknown job 'fist'"],
    [
      "github.event_name == 'push'",
      "github.event_nam == 'push'",
      'Context access might be invalid: event_nam',
    ],
    ['push:', 'pushed:', "Unexpected value 'pushed'"],
  ])('%j → %j', async (from, to, message) => {
    const bad = good.replace(from, () => to)
    expect(bad).not.toBe(good)
    expect(await findings(bad)).toContainEqual(expect.stringContaining(message))
  })

  test('and a wrong action.yml', async () => {
    const manifest = read('action.yml')
    expect(await findings(manifest.replace('using: node24', 'using: node9'), 'action.yml')).not.toEqual([])
    expect(await findings(manifest.replace(/^outputs:/m, 'outptus:'), 'action.yml')).not.toEqual([])
  })
})
