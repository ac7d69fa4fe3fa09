import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import type { Entry } from '../../src/identity.ts'
import type { ChangedFiles } from '../../src/list/added-since/changed-files.ts'
import { bytesOf } from '../../src/list/formats/decode.ts'
import { readEntries } from '../../src/list/formats/read-entries.ts'
import { readList, type IdentityList } from '../../src/list/read-list.ts'
import { ConfigurationError, Problems, type Problem } from '../../src/problems.ts'
import type { ListSettings } from '../../src/settings.ts'

/** What a reading of a list gave. */
export interface Reading {
  readonly list: IdentityList
  readonly identities: readonly Entry[]
  /** The identifiers, in order. */
  readonly ids: readonly string[]
  /** `line: identifier`, in order. */
  readonly entries: readonly string[]
  readonly duplicates: number
  readonly problems: readonly Problem[]
}

/** Settings of a list that has no source, but for these. */
export function listSettings(settings: Partial<ListSettings>): ListSettings {
  return {
    inline: null,
    files: null,
    fromReport: null,
    excludeFiles: null,
    stillListed: null,
    addedSince: { kind: 'beginning' },
    temporary: tmpdir(),
    idColumn: null,
    identifyBy: 'id',
    maxIdentities: null,
    shard: null,
    workspace: tmpdir(),
    ...settings,
  }
}

/** The texts of changed files, all of which are counted before any is asked for. */
export async function textsIn({ files, before }: ChangedFiles): Promise<string[]> {
  const entries: { readonly text: string; readonly file: string; readonly line: number | null }[] = []
  const options = { column: null, identifyBy: 'id', allColumns: false } as const
  for (const { name, path } of files) {
    const onEntry = ({ text, line }: { text: string; line: number | null }) =>
      entries.push({ text, file: name, line })
    await readEntries({ name, bytes: bytesOf(path) }, options, { onEntry, onProblem: () => undefined })
  }
  for (const { text, file, line } of entries) before?.addNow(text, file, line)
  return entries.map(({ text }) => text)
}

/** Reads a list as the action does. */
export async function read(settings: Partial<ListSettings>): Promise<Reading> {
  const problems = new Problems()
  const list = await readList(listSettings(settings), problems)
  const { identities, duplicates } = list
  return {
    list,
    identities,
    ids: identities.map(({ identifier }) => identifier),
    entries: identities.map(({ identifier, line }) => `${line ?? '-'}: ${identifier}`),
    duplicates,
    problems: problemsIn(problems),
  }
}

/** Reads one file of this name and content from a workspace of its own. */
export async function readFileNamed(
  name: string,
  content: string | Uint8Array,
  settings: Partial<ListSettings> = {},
): Promise<Reading> {
  return await inWorkspace({ [name]: content }, (workspace) =>
    read({ files: [name], workspace, ...settings }),
  )
}

/** Does something in a temporary folder that holds these files, and removes it. */
export async function inWorkspace<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  act: (workspace: string) => T | Promise<T>,
  name = 'workspace',
): Promise<T> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'lists-'))
  const workspace = join(folder, name)
  mkdirSync(workspace)
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(workspace, path)), { recursive: true })
      writeFileSync(join(workspace, path), content)
    }
    return await act(workspace)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The problems as they would be reported. */
function problemsIn(problems: Problems): readonly Problem[] {
  try {
    problems.throwIfAny()
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems
    throw error
  }
}
