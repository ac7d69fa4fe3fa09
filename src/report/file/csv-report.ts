import type { IdentityOutcome } from '../../identity.ts'
import type { RunReport } from '../run-report.ts'
import { forCsvCell } from '../words/harmless.ts'

const HEADER = 'id,identifier,outcome,statusCode,message,attempts,trackingId,ignored,plan,verified,source\r\n'

/** The report as CSV (RFC 4180): a header, then one identity a row. null is empty, `source` is `file:line`. */
export function* csvLines({ identities }: RunReport): Generator<string> {
  yield HEADER
  for (const identity of identities) yield identityRow(identity)
}

function identityRow(identity: IdentityOutcome): string {
  const { id, identifier, outcome, statusCode, message, attempts, trackingId, ignored, plan, verified } =
    identity
  const { file, line } = identity
  const source = file === null || line === null ? file : `${file}:${line}`
  return `${cell(id)},${cell(identifier)},${outcome},${statusCode ?? ''},${cell(message)},${attempts},${cell(trackingId)},${String(ignored)},${plan ?? ''},${String(verified ?? '')},${cell(source)}\r\n`
}

function cell(text: string | null): string {
  return text === null ? '' : forCsvCell(text)
}
