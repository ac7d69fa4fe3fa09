import { isAbsolute, relative, resolve } from 'node:path'

import type { Problems } from '../problems.ts'
import { IDENTIFY_BY, type AddedSince, type ListSettings } from '../settings.ts'
import type { Values } from './values.ts'

/** Inputs of which exactly one is given. */
const SOURCES = ['identity-ids', 'identity-ids-file', 'from-report'] as const

/** Where the list comes from and what it holds. Inputs that contradict each other are problems. */
export function readListSettings(
  values: Values,
  problems: Problems,
  workspace: string,
  temporary: string,
): ListSettings {
  const given = SOURCES.filter((name) => values.text(name) !== null)
  if (given.length === 0) {
    problems.add(
      'No list is given. Set one of identity-ids (an inline list), identity-ids-file (paths of list files) or from-report (the report of an earlier run). For a list without identities, set identity-ids to [].',
    )
  } else if (given.length > 1) {
    problems.add(`There is more than one list: ${given.join(' and ')} are set. Set only one of them.`)
  }
  const settings = {
    inline: values.text('identity-ids'),
    files: values.paths('identity-ids-file'),
    fromReport: values.text('from-report'),
    idColumn: values.text('identity-id-column'),
    identifyBy: values.oneOf('identify-by', 'id', IDENTIFY_BY),
    addedSince: addedSince(values, workspace),
    excludeFiles: values.paths('exclude-ids-file'),
    stillListed: values.paths('still-listed'),
    maxIdentities: values.integer('max-identities', null, 1, Number.MAX_SAFE_INTEGER),
    shard: values.parse('shard', null, 'i/n with 1 ≤ i ≤ n, for example 2/4', (text) => {
      const [, i, n] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []
      const [index, count] = [Number(i), Number(n)]
      return index >= 1 && index <= count ? { index, count } : undefined
    }),
    workspace,
    temporary,
  }
  const isReport = values.text('from-report') !== null
  const stillListed = values.text('still-listed') !== null
  if (settings.addedSince.kind !== 'beginning' && values.text('identity-ids-file') === null)
    problems.add(
      'added-since is set without identity-ids-file. Set identity-ids-file, or remove added-since.',
    )
  if (stillListed && !isReport)
    problems.add('still-listed is set without from-report. Set from-report, or remove still-listed.')
  for (const name of ['identify-by', 'identity-id-column'] as const) {
    // `id` is the default of identify-by, which the runner passes on as well where the author set nothing.
    if (!isReport || stillListed || (values.text(name) ?? 'id') === 'id') continue
    problems.add(
      `${name} is set with from-report, but without still-listed. Remove ${name}: the report says how its identities are identified.`,
    )
  }
  return settings
}

function addedSince(values: Values, workspace: string): AddedSince {
  const accepted =
    'beginning, event, a full commit SHA, HEAD^, HEAD~n, or a folder of the workspace with / at its end. Branches and tags can be moved, and are not valid'
  return values.parse('added-since', { kind: 'beginning' }, accepted, (text): AddedSince | undefined => {
    if (text === 'beginning' || text === 'event') return { kind: text }
    if (/^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)) return { kind: 'commit', revision: text.toLowerCase() }
    if (/^HEAD(\^|~[1-9]\d{0,5})$/.test(text)) return { kind: 'commit', revision: text }
    const folder = relative(workspace, resolve(workspace, text)).replaceAll('\\', '/')
    const isBelow = folder !== '' && !/^\.\.(\/|$)/.test(folder) && !isAbsolute(folder)
    return text.endsWith('/') && isBelow ? { kind: 'folder', folder } : undefined
  })
}
