import { reasonOf } from '../../reason.ts'
import type { RunReport } from '../run-report.ts'
import { csvLines } from './csv-report.ts'
import { jsonLines } from './json-report.ts'
import { writeWhole } from './write-file.ts'

/** Writes the report as CSV or JSON, by the name's ending. @throws Error when it cannot be written */
export function writeReportFile(path: string, report: RunReport): void {
  try {
    writeWhole(path, path.toLowerCase().endsWith('.csv') ? csvLines(report) : jsonLines(report))
  } catch (cause) {
    throw new Error(`The report could not be written to ${path}: ${reasonOf(cause)}`, { cause })
  }
}
