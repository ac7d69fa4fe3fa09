import { readdir, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'

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
      `The folder ${quoted(name)} is a symbolic link or lies below one. Name the folder itself.`,
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
