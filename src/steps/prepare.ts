import type { Cancellation } from '../cancellation.ts'
import { Ledger } from '../campaign/ledger.ts'
import { observePlanned } from '../campaign/selection.ts'
import type { ActionInputs } from '../inputs/action-inputs.ts'
import { shardText, type Journal } from '../journal.ts'
import { isSource } from '../list/list-sources.ts'
import { readList, type IdentityList } from '../list/read-list.ts'
import { otherTenant } from '../policy/guards.ts'
import { NO_THRESHOLDS } from '../policy/thresholds.ts'
import type { Problems } from '../problems.ts'
import type { Log } from '../report/log/log.ts'
import { listText, paceText } from '../report/log/phases.ts'
import type { Settings } from '../settings.ts'

export type ListFacts = Omit<IdentityList, 'identities' | 'duplicates'>

/** What was asked for, without a fault. */
export interface Prepared {
  readonly settings: Settings
  /** What the list says besides its identities, which the ledger has taken over. */
  readonly list: ListFacts
  readonly ledger: Ledger
}

/** Settings and list; all problems with either are reported together. @throws ConfigurationError */
export async function prepare(
  { settings, list: listSettings, sources, destinations }: ActionInputs,
  problems: Problems,
  journal: Journal,
  { stop }: Cancellation,
  log: Log,
): Promise<Prepared> {
  log.group('Set-up')
  if (await isSource(destinations.resultsFile, sources, stop)) {
    problems.add(
      'Input results-file: it is one of the files that are read, which the report would overwrite; give another path.',
    )
  } else journal.reportTo(destinations.resultsFile)
  const list = listSettings === null ? null : await readList(listSettings, problems, stop)
  const mismatch = otherTenant(list?.reportBaseUrl ?? null, settings?.baseUrl ?? null)
  if (mismatch !== null) problems.add(mismatch)
  const ledger = new Ledger(list?.identities ?? [], settings?.thresholds ?? NO_THRESHOLDS, settings?.dryRun)
  if (list?.planned) observePlanned(ledger, list.planned)
  journal.keep(ledger, list?.identifyBy ?? 'id')
  problems.throwIfAny()
  if (settings === null || list === null) throw new Error('Inputs without problems have settings and a list.')
  journal.begin(settings)
  const { identities, duplicates, ...facts } = list
  log.info(listText({ count: identities.length, duplicates, shard: shardText(settings.list.shard) }))
  log.info(paceText(settings))
  return { settings, list: facts, ledger }
}
