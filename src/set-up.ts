import manifest from '../package.json' with { type: 'json' }
import type { Cancellation } from './cancellation.ts'
import { Ledger } from './enablement/ledger.ts'
import type { ActionInputs } from './inputs/action-inputs.ts'
import { shardText, type Journal } from './journal.ts'
import { isSource } from './list/list-files.ts'
import { readList, type IdentityList } from './list/read-list.ts'
import { isOtherTenant, NO_THRESHOLDS } from './policy/guards.ts'
import type { Problems } from './problems.ts'
import { createWaitLog, type Log } from './report/log/log.ts'
import { phaseText, settingsLines, tlsWarningText } from './report/log/phases.ts'
import { IscClient } from './sailpoint/client.ts'
import { SYSTEM_CLOCK } from './sailpoint/clock.ts'
import { proxyFor, type ProxyServer } from './sailpoint/proxy.ts'
import { tlsWarnings } from './sailpoint/tls-warnings.ts'
import type { Settings } from './settings.ts'

/** What every stage of a run works with: what the inputs ask for, valid, and where what becomes of it goes. */
export interface Run {
  readonly settings: Settings
  readonly list: IdentityList
  readonly ledger: Ledger
  /** Null in a dry run that was given no credential. */
  readonly client: IscClient | null
  readonly journal: Journal
  readonly log: Log
}

/**
 * Reads the list, excludes what it alone says is excluded, and makes the client of the tenant. Problems with inputs and
 * list are reported together. @throws ConfigurationError
 */
export async function setUp(
  { settings, list: listSettings, sources, destinations }: ActionInputs,
  problems: Problems,
  journal: Journal,
  cancellation: Cancellation,
  log: Log,
  mask: (secret: string) => void,
): Promise<Run> {
  const { stop } = cancellation
  log.group('Set-up')
  if (await isSource(destinations.resultsFile, sources, stop))
    problems.add(
      'Input `results-file`: it is one of the files that are read, which the report would overwrite. Use another path.',
    )
  else journal.resultsFile = destinations.resultsFile
  const list = listSettings === null ? null : await readList(listSettings, problems, stop)
  if (list !== null && settings !== null && isOtherTenant(list.report?.baseUrl ?? null, settings.baseUrl))
    problems.add(
      `Input \`from-report\`: the report is about ${named(list.report?.baseUrl)}, and this run is for ${named(settings.baseUrl)}. Use the report of a run for the same tenant.`,
    )
  const ledger = new Ledger(
    list?.identities ?? [],
    settings?.thresholds ?? NO_THRESHOLDS,
    settings?.dryRun,
    list?.excluded,
  )
  journal.ledger = ledger
  journal.list = list
  journal.settings = settings
  problems.throwIfAny()
  if (settings === null || list === null) throw new Error('Inputs without problems have settings and a list.')
  const shard = shardText(settings.list.shard)
  log.info(phaseText.listed(list.identities.length, list.duplicates, shard))
  journal.notes.push(...list.warnings)
  const found = settings.baseUrl === '' ? null : proxyFor(process.env, settings.baseUrl)
  const proxy = found?.kind === 'proxy' ? found : null
  for (const line of settingsLines(settings, proxy?.name ?? null)) log.info(line)
  ledger.excludeMatches(list.exclusions)
  if (ledger.counts.excluded > 0) log.info(phaseText.excluded(ledger.counts.excluded))
  const client = clientFor(settings, proxy, cancellation, log, mask)
  if (client !== null) journal.notes.push(...tlsWarnings(process.env).map(tlsWarningText))
  journal.client = client
  return { settings, list, ledger, client, journal, log }
}

/** An address, which is empty where no tenant was given. */
function named(baseUrl = ''): string {
  return baseUrl === '' ? 'no tenant' : baseUrl
}

/** The client of the tenant, which tells the log of its waits. */
function clientFor(
  settings: Settings,
  proxy: ProxyServer | null,
  { stop, kill }: Cancellation,
  log: Log,
  mask: (secret: string) => void,
): IscClient | null {
  const { credential, outageTimeoutMs } = settings
  if (credential === null) return null
  return new IscClient({
    ...settings,
    credential,
    userAgent: `isc-enable-identities/${manifest.version}`,
    proxy,
    clock: SYSTEM_CLOCK,
    random: Math.random,
    stop,
    kill,
    onToken: mask,
    onExchange: ({ method, path, outcome, durationMs, attempt, trackingId }) =>
      log.debug(
        `${method} ${path} → ${outcome} in ${durationMs} ms, attempt ${attempt}, tracking ID ${trackingId ?? 'none'}`,
      ),
    ...createWaitLog(log, outageTimeoutMs, () => performance.now()),
  })
}
