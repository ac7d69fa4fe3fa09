import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import type { Entry } from '../../src/identity.ts'
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

/** Reads a list as the action does. */
export async function read(settings: Partial<ListSettings>): Promise<Reading> {
  const problems = new Problems()
  const list = await readList(
    {
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
    },
    problems,
  )
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
