import type { Problems } from '../problems.ts'
import { IDENTIFY_BY, type ListSettings, type ListSources } from '../settings.ts'
import type { Values } from './values.ts'

/** Inputs of which exactly one is given. */
const SOURCES = ['identity-ids', 'identity-ids-file', 'from-report'] as const

/** What is named to be read, be it right or not. */
export function readListSources(values: Values, workspace: string, temporary: string): ListSources {
  return {
    files: values.lines('identity-ids-file'),
    fromReport: values.text('from-report'),
    excludeFiles: values.lines('exclude-ids-file'),
    stillListed: null,
    workspace,
    temporary,
  }
}

/** Where the list comes from and what it holds; null, and problems, where that cannot be told. */
export function readListInputs(
  values: Values,
  problems: Problems,
  sources: ListSources,
): ListSettings | null {
  const before = problems.count
  const given = SOURCES.filter((name) => values.text(name) !== null)
  if (given.length === 0) {
    problems.add(
      'Inputs identity-ids, identity-ids-file and from-report are all missing or empty; give one of them (an inline list, paths of list files, or the report of an earlier run). For a list with nothing in it, give [].',
    )
  } else if (given.length > 1) {
    problems.add(`Inputs ${given.join(' and ')} are given together; give one of them.`)
  }
  const idColumn = values.text('identity-id-column')
  const identifyBy = values.oneOf('identify-by', 'id', IDENTIFY_BY)
  const { fromReport } = sources
  if (fromReport !== null && idColumn !== null) problems.add(notWithReport('identity-id-column'))
  // `id` is the default, which the runner gives as well where the author gave nothing.
  if (fromReport !== null && identifyBy !== 'id') problems.add(notWithReport('identify-by'))
  const settings = {
    ...sources,
    inline: values.text('identity-ids'),
    idColumn,
    identifyBy,
    addedSince: { kind: 'beginning' } as const,
    maxIdentities: values.integer('max-identities', null, 1, Number.MAX_SAFE_INTEGER),
    shard: values.shard('shard'),
  }
  return problems.count === before ? settings : null
}

function notWithReport(name: string): string {
  return `Input ${name} does not go with from-report: the report says how its identities were named; leave it out.`
}
