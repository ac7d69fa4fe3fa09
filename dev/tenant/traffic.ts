import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

/** A request and its answer, as a check against the API's specification wants them. */
export interface Exchange {
  readonly method: string
  readonly url: string
  readonly contentType: string | null
  readonly body: string
  readonly status: number
  readonly answer: string
  /** The kind of the fault that the tenant was told to make. */
  readonly fault: string | null
}

const FIELDS = [
  'method',
  'url',
  'contentType',
  'body',
  'status',
  'answer',
  'fault',
] satisfies (keyof Exchange)[]

/** Adds an exchange to a file of this process in the folder that TENANT_TRAFFIC names, if it names one. */
export function keepExchange(exchange: Exchange): void {
  const folder = process.env['TENANT_TRAFFIC']
  if (folder) appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(exchange, FIELDS)}\n`)
}
