import type { Identity } from '../identity.ts'
import { comparable, type ExclusionMatch } from '../policy/exclusion.ts'
import { ListProblems, type Problems } from '../problems.ts'
import type { IdentifyBy, ListSettings } from '../settings.ts'
import { copied, type Limit } from './collection.ts'
import { bytesOf } from './formats/decode.ts'
import type { ListSink } from './formats/list-sink.ts'
import { readEntries } from './formats/read-entries.ts'
import { identifierIn } from './identifier.ts'
import { findFiles } from './list-files.ts'

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
 * Reads the lists of `still-listed`, those of them that hold identities of the report. @throws TooLong, and the reason of
 * `stop` when it is aborted
 */
export async function readStillListed(
  lines: readonly string[],
  { workspace, idColumn, excludeFiles }: Pick<ListSettings, 'workspace' | 'idColumn' | 'excludeFiles'>,
  identities: readonly Identity[],
  identifyBy: IdentifyBy,
  limit: Limit,
  problems: Problems,
  warnings: string[],
  stop?: AbortSignal,
): Promise<{ readonly stillListed: StillListed; readonly names: readonly string[] }> {
  const stillListed = new StillListed()
  const named = new Set(identities.map(({ file }) => file))
  const files = await findFiles(
    lines,
    workspace,
    { input: 'still-listed', problems, warnings, otherLines: excludeFiles ?? [] },
    stop,
  )
  for (const { name, path } of files) {
    if (!named.has(name)) continue
    const found = new ListProblems(problems, name, name)
    const sink: ListSink = {
      onProblem: (reason, line, cause) => found.add(reason, line, cause),
      onEntry: ({ text, line }) => {
        const identifier = identifierIn(text, identifyBy)
        if (typeof identifier === 'string') stillListed.add(name, limit.keep(copied(comparable(identifier))))
        else found.add(identifier.message, line, identifier.cause)
      },
    }
    const options = { column: idColumn, identifyBy, allColumns: false } as const
    await readEntries({ name, bytes: bytesOf(path) }, options, sink, stop)
    found.end()
  }
  return { stillListed, names: files.map(({ name }) => name) }
}
