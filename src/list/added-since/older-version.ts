import { readdir, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'

import type { Identity, Location } from '../../identity.ts'
import { comparable, isIscId, type Exclusion, type ExclusionMatch } from '../../policy/exclusion.ts'
import { quoted } from '../../problems.ts'
import { nameIn } from '../glob.ts'

/** What the older version has at a path. */
export type OlderFile =
  | { readonly kind: 'symbolic link' | 'submodule' | 'file whose name is not UTF-8' }
  | {
      readonly kind: 'file'
      readonly read: () => Promise<Buffer>
      /** Whether the file has these contents, where that can be told without reading it. */
      readonly isSame: (contents: Buffer) => boolean
    }

/** The files with which `added-since` compares. */
export interface OlderVersion {
  /** What a message calls it: `commit 0123abc…`, or `base/`. */
  readonly name: string
  /** By path relative to the workspace, with `/`. Holds more than the list files. */
  readonly files: ReadonlyMap<string, OlderFile>
}

/** `added-since` cannot be done; the message says why, and what to do. */
export class CannotCompare extends Error {}

/** An older checkout in a folder of the workspace. @throws CannotCompare */
export async function versionInFolder(folder: string, workspace: string): Promise<OlderVersion> {
  const root = join(workspace, folder)
  const name = `${folder}/`
  const real = await realpath(root).catch(() => null)
  if (real === null)
    throw new CannotCompare(`The folder ${quoted(name)} does not exist. Check the older version out into it.`)
  if (real !== root)
    throw new CannotCompare(
      `The folder ${quoted(name)} is a symbolic link, or is in a linked folder. Name the folder itself.`,
    )
  const files = new Map<string, OlderFile>()
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const below = nameIn(root, path)
    if (below.startsWith('.git/')) continue
    if (entry.isSymbolicLink()) files.set(below, { kind: 'symbolic link' })
    else if (entry.isFile())
      files.set(below, { kind: 'file', read: () => readFile(path), isSame: () => false })
  }
  if (files.size === 0)
    throw new CannotCompare(`The folder ${quoted(name)} holds no file. Check the older version out into it.`)
  return { name, files }
}

/** The same text with line feeds alone as line ends. */
export function lineFeedsOnly(contents: Buffer): Buffer {
  // latin1 keeps every byte as it is.
  return contents.includes('\r')
    ? Buffer.from(contents.toString('latin1').replace(/\r\n?/g, '\n'), 'latin1')
    : contents
}

/** Measured so that memory stays below 2 GiB, with as many entries now. */
const MOST_LISTED = 2_000_000

/** Where a text was listed first, how many more entries it has now than it had then, and where the last of those is. */
interface Listed extends Location {
  more: number
  last?: Location
}

/**
 * What the changed list files held in their older version, and how much more often they hold it now: excludes every
 * identity that was listed, by any identifier.
 */
export class ListedBefore implements Exclusion {
  /** What a message calls the older version. */
  readonly version: string
  /** An older list that has entries, and no ISC ID among them. */
  withoutIscId: string | null = null
  /** By text as it is compared. */
  readonly #listed = new Map<string, Listed>()

  constructor(version: string) {
    this.version = version
  }

  /** Takes an entry of the older version. @throws CannotCompare */
  addThen(text: string, file: string, line: number | null): void {
    const key = comparable(text)
    if (key === '') return
    const known = this.#listed.get(key)
    if (known === undefined) this.#listed.set(key, { file, line, more: -1 })
    else known.more -= 1
    if (this.#listed.size > MOST_LISTED)
      throw new CannotCompare(
        `The older versions of the changed files have more than ${MOST_LISTED / 1e6} million entries. Restore the largest file, and put the additions into a new one.`,
      )
  }

  /** Takes an entry of now, once the older version is complete: only texts that were listed count. */
  addNow(text: string, file: string, line: number | null): void {
    const known = this.#listed.get(comparable(text))
    if (known === undefined) return
    known.more += 1
    if (known.more > 0 && file === known.file && line !== known.line) known.last = { file, line }
  }

  /** Names the older entry of an identity that is listed more often than before: it was added again without effect. */
  match(texts: readonly string[]): ExclusionMatch | null {
    const found = texts.flatMap((text) => this.#listed.get(comparable(text)) ?? [])
    const again = found.find(({ more }) => more > 0)
    const entry = again ?? found[0]
    if (entry === undefined) return null
    const { file, line } = entry
    const bySource = { file, line }
    return again === undefined
      ? { by: 'listed-before', bySource }
      : { by: 'listed-again', bySource, listedAt: again.last ?? null }
  }

  /** Why the identities of now, given by ID, cannot be compared with an older list; null where they can. */
  faultBeside(identities: readonly Identity[]): string | null {
    if (this.withoutIscId === null || identities.length === 0) return null
    return identities.every(({ identifier }) => isIscId(identifier))
      ? `${quoted(this.withoutIscId)} as of ${this.version} has no ISC ID, but the current list holds only ISC IDs, so the action cannot compare them. Restore that file, and put the additions into a new one.`
      : null
  }
}
