import { randomUUID } from 'node:crypto'
import { closeSync, fstatSync, ftruncateSync, lstatSync, openSync, statSync, writeSync } from 'node:fs'
import { extname, join, relative, resolve, sep } from 'node:path'

import { isWithin } from '../list/glob.ts'
import { quoted, reasonOf } from '../problems.ts'
import { probeFile } from '../report/file/write-file.ts'
import type { Destinations } from '../settings.ts'
import type { Values } from './values.ts'

/** Folders that the runner names: links above them are its own. */
interface Folders {
  readonly workspace: string
  readonly temporary: string
}

/**
 * Where report and summary go. A relative `results-file` is taken from the workspace; one that cannot be used is a
 * problem, and the report then goes where it does by default. Every place is written to, before anything depends on it.
 */
export function readDestinations(values: Values, { workspace, temporary }: Folders): Destinations {
  const { env, problems } = values
  const stem = join(temporary, `isc-enable-identities-${randomUUID()}`)
  const defaultResultsFile = `${stem}.json`
  const given = values.text('results-file')
  const path = given === null ? null : resolve(workspace, given)
  const fault = path === null ? null : resultsFault(path, { workspace, temporary })
  if (given !== null && fault !== null)
    problems.add(`Invalid value ${quoted(given)} for \`results-file\`: ${fault}.`)
  const faults = [
    [`the folder ${quoted(temporary)} (\`RUNNER_TEMP\`)`, probeFile(defaultResultsFile)],
    ['the outputs (`GITHUB_OUTPUT`)', outputsFault(env['GITHUB_OUTPUT'] ?? '')],
  ] as const
  for (const [place, reason] of faults)
    if (reason !== null)
      problems.add(`Cannot write to ${place}: ${reason}. Check the runner's disk space and permissions.`)
  return {
    resultsFile: path === null || fault !== null ? defaultResultsFile : path,
    defaultResultsFile,
    summaryFile: `${stem}.md`,
    jobSummary: values.boolean('job-summary', true),
  }
}

function resultsFault(path: string, { workspace, temporary }: Folders): string | null {
  if (!/^\.(json|csv)$/i.test(extname(path))) return 'use a path that ends in .json or .csv'
  try {
    const link = linkIn(path, [workspace, temporary])
    if (link !== undefined)
      return `${link === path ? 'it is a link' : `${quoted(link)} is a link`}. Use a path without links`
  } catch (error) {
    return reasonOf(error)
  }
  return probeFile(path)
}

/**
 * The first link in the path of a file, below the folder that holds it. If no folder holds it, only the file itself can
 * be one.
 */
function linkIn(path: string, folders: readonly string[]): string | undefined {
  const folder = folders.find((candidate) => isWithin(candidate, path))
  const names = folder === undefined ? [] : relative(folder, path).split(sep)
  const parts = names.map((_, index) => join(folder ?? '', ...names.slice(0, index + 1)))
  return [...parts, path].find((part) => lstatSync(part, { throwIfNoEntry: false })?.isSymbolicLink())
}

/** Why the file that the runner reads outputs from cannot be written; null where it can, or there is no runner. */
function outputsFault(path: string): string | null {
  if (path === '') return null
  try {
    if (!statSync(path).isFile()) return 'it is not a file'
    const file = openSync(path, 'a')
    try {
      const { size } = fstatSync(file)
      writeSync(file, '\n')
      ftruncateSync(file, size)
    } finally {
      closeSync(file)
    }
    return null
  } catch (error) {
    return reasonOf(error)
  }
}
