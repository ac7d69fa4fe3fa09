import { folded, type Identity } from '../identity.ts'
import { quoted, type Problems } from '../problems.ts'
import type { ListSettings } from '../settings.ts'
import { faultOf } from './entry.ts'
import { extensionOf, readListFile } from './formats/list-format.ts'
import { findFiles, type ListFile } from './list-files.ts'

/** Characters that nobody sees: they bring nobody past a deny list. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

/** Formats that take for a part of an entry what belongs to another format, and what that is. */
const LOOSE = new Set(['.txt', '.csv'])
const STRAY = /^"|;|"$|^'.*'$/

/** Who is to be left out. */
export interface Exclusion {
  /** Ids, aliases and e-mail addresses alike, as they are compared. */
  readonly texts: ReadonlySet<string>
  readonly files: readonly ListFile[]
}

/**
 * Reads the lists of who is to be left out. Where the list itself holds ids (`identifyBy`), a text that is none would
 * leave nobody out, and is a problem: a deny list must not get lost. @throws the reason of `stop` when it is aborted
 */
export async function readExclusion(
  lines: readonly string[],
  { workspace, idColumn, identifyBy }: Pick<ListSettings, 'workspace' | 'idColumn' | 'identifyBy'>,
  problems: Problems,
  stop?: AbortSignal,
): Promise<Exclusion> {
  const texts = new Set<string>()
  const files = await findFiles('exclude-ids-file', lines, workspace, problems, stop)
  for (const file of files) {
    const onProblem = (reason: string, line: number | null): void =>
      problems.addEntry(`${file.name}: ${reason}.`, file.name, line)
    const onEntry = (text: string, line: number | null): void => {
      const fault = faultOf(text, identifyBy === 'id' ? 'id' : 'email')
      if (fault !== null && identifyBy !== 'id') onProblem(fault, line)
      else if (fault !== null) onProblem(`${fault}. The list holds ids, so it would leave nobody out`, line)
      else if (seen(text) === '' || (LOOSE.has(extensionOf(file.name)) && STRAY.test(text)))
        onProblem(
          `${quoted(text)} looks like a piece of another format, which would leave nobody out; correct it, or name the identity by its id`,
          line,
        )
      else texts.add(seen(text))
    }
    await readListFile(file, idColumn, { onEntry, onProblem }, stop)
  }
  return { texts, files }
}

/** Those who stand among `excluded`, by their id or by the text given. */
export function excludedFrom(
  identities: readonly Identity[],
  excluded: ReadonlySet<string>,
): ReadonlySet<Identity> {
  const isExcluded = ({ id, identifier }: Identity): boolean =>
    excluded.has(seen(identifier)) || (id !== null && excluded.has(seen(id)))
  return new Set(identities.filter(isExcluded))
}

/** By what texts of a deny list are compared: what can be seen of them, without regard to case. */
function seen(text: string): string {
  return folded(text.replace(UNSEEN, '').trim())
}
