import { readFileSync, globSync } from 'node:fs'
import { join } from 'node:path'

import { HOSTILE } from '../../hostile-text.ts'
import { ROOT } from '../../run-action.ts'
import { SECRET } from './answer-targets.ts'

/** Lists as people have them; the byte in front is what the targets of lists choose by. */
function lists(...extensions: readonly string[]): Buffer[] {
  const paths = globSync(
    extensions.map((extension) => `__tests__/fixtures/lists/*.${extension}`),
    { cwd: ROOT },
  )
  return paths.map((path) => Buffer.concat([Buffer.from('\0'), readFileSync(join(ROOT, path))]))
}

const REPORT = {
  ...{ schemaVersion: 1, baseUrl: 'https://acme.api.identitynow.com', dryRun: true, identifyBy: 'alias' },
  ...{ result: 'success', problems: [], counts: { total: 1, succeeded: 0, failed: 0, unprocessed: 1 } },
  identities: [
    {
      ...{
        id: 'a1',
        identifier: 'b',
        outcome: 'unprocessed',
        statusCode: null,
        message: null,
        ignored: false,
      },
      ...{ plan: 'enable', identityStatus: 'DISABLED', lifecycleState: 'active', name: null },
      source: { file: 'list.csv', line: 2 },
    },
  ],
}

const ERROR = {
  detailCode: '400.1',
  trackingId: 'a1',
  messages: [{ locale: 'en', text: `No ${SECRET}` }],
  causes: [],
}
const ITEM = { id: 'a1', statusCode: 404, message: `${SECRET} was not found` }
const ROW = {
  id: 'a1',
  alias: 'b',
  emailAddress: SECRET,
  identityStatus: 'ACTIVE',
  lifecycleState: { stateName: 'active' },
}

/** What each target starts from. */
export const SEEDS: Readonly<Record<string, readonly (Buffer | string)[]>> = {
  txt: lists('txt'),
  csv: lists('csv'),
  json: lists('json'),
  yaml: lists('yml', 'yaml'),
  report: [JSON.stringify(REPORT)],
  retryAfter: ['120', '1.5', 'Wed, 21 Oct 2026 07:28:00 GMT', '-1'],
  errorBody: [`e${JSON.stringify(ERROR)}`, 'e{"error":"JWT is expired"}', 'e<html>&#115;3cr3t</html>'],
  answer: [JSON.stringify([ITEM]), JSON.stringify([ROW]), '{"access_token":"a.b.c","expires_in":"749"}'],
  log: HOSTILE,
  markdown: HOSTILE,
  csvCell: HOSTILE,
}
