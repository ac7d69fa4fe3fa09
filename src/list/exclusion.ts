import { folded, type Identity } from '../identity.ts'
import type { Problems } from '../problems.ts'
import type { ListSettings } from '../settings.ts'
import { faultOf } from './entry.ts'
import { readListFile } from './formats/list-format.ts'
import { findFiles, type ListFile } from './list-files.ts'

/** Who is to be left out. */
export interface Exclusion {
  /** Ids, aliases and e-mail addresses alike, folded to one case. */
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
      if (fault === null) texts.add(folded(text))
      else if (identifyBy !== 'id') onProblem(fault, line)
      else onProblem(`${fault}. The list holds ids, so it would leave nobody out`, line)
    }
    await readListFile(file, idColumn, { onEntry, onProblem }, stop)
  }
  return { texts, files }
}

/** Those who stand among `excluded` (folded texts), by their id or by the text given. */
export function excludedFrom(
  identities: readonly Identity[],
  excluded: ReadonlySet<string>,
): ReadonlySet<Identity> {
  const isExcluded = ({ id, identifier }: Identity): boolean =>
    excluded.has(folded(identifier)) || (id !== null && excluded.has(folded(id)))
  return new Set(identities.filter(isExcluded))
}
