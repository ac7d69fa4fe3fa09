import { readFileSync } from 'node:fs'

import { expect } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'

/** Whether it is as the published schema says, with the `errors` of the last call. */
export const isValidReport = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8')) as object,
)

/** Fails the test with what is wrong with the report. */
export function expectValidReport(report: unknown): void {
  expect(isValidReport(report) || isValidReport.errors).toBe(true)
}
