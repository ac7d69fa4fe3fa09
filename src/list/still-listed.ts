import type { Identity } from '../identity.ts'
import { comparable, type ExclusionMatch } from '../policy/exclusion.ts'
import type { IdentifyBy } from '../settings.ts'
import { copied } from './collection.ts'
import { identifierIn } from './identifier.ts'
import { findFiles } from './list-files.ts'
import { readListFile, type ListFile, type ListReading } from './list-reading.ts'

/** The lists in which an identity of a report must still be listed: in the very file in which the report found it. */
export class StillListed {
  /** What each file lists, by its name. */
  readonly #files = new Map<string, Set<string>>()

  /** Takes an entry of a file. */
  add(file: string, text: string): void {
    const texts = this.#files.get(file) ?? new Set()
    this.#files.set(file, texts.add(text))
  }

  /** Asks whether the file that the report names still lists an identity by one of these identifiers. */
  match({ file }: Pick<Identity, 'file'>, texts: readonly string[]): ExclusionMatch | null {
    const listed = file === null ? undefined : this.#files.get(file)
    if (texts.some((text) => listed?.has(comparable(text)))) return null
    return { by: 'not-listed', bySource: file === null ? null : { file, line: null } }
  }
}

/**
 * Reads those lists of `still-listed` in which the report found its identities. @throws TooLong, and the reason of
 * `stop` when it is aborted
 */
export async function readStillListed(
  lines: readonly string[],
  identities: readonly Identity[],
  identifyBy: IdentifyBy,
  reading: ListReading,
): Promise<{ readonly stillListed: StillListed; readonly files: readonly ListFile[] }> {
  const { settings, limit } = reading
  const { idColumn: column, excludeFiles } = settings
  const stillListed = new StillListed()
  const named = new Set(identities.map(({ file }) => file))
  const files = await findFiles(lines, { input: 'still-listed', otherLines: excludeFiles ?? [] }, reading)
  for (const file of files) {
    if (!named.has(file.name)) continue
    await readListFile(file, { column, identifyBy, allColumns: false }, reading, (onProblem) => ({
      onProblem,
      onEntry: ({ text, line }) => {
        const found = identifierIn(text, identifyBy)
        if (typeof found === 'string') stillListed.add(file.name, limit.keep(copied(comparable(found))))
        else onProblem(found.message, line, found.cause)
      },
    }))
  }
  return { stillListed, files }
}
