import manifest from '../package.json' with { type: 'json' }
import { excludeMatches } from './enablement/exclude.ts'
import { Ledger } from './enablement/ledger.ts'
import type { ActionInputs } from './inputs/action-inputs.ts'
import { shardText, type Journal } from './journal.ts'
import { isSource } from './list/list-files.ts'
import { readList, type IdentityList } from './list/read-list.ts'
import { isOtherTenant, NO_THRESHOLDS } from './policy/guards.ts'
import type { Exclusion } from './policy/exclusion.ts'
import type { Problems } from './problems.ts'
import { guardLines } from './report/log/guard-lines.ts'
import type { Log } from './report/log/log.ts'
import { excludedCountText, listText, paceText, tlsWarningText } from './report/log/phases.ts'
import { createWaitLog } from './report/log/wait-log.ts'
import { IscClient } from './sailpoint/client.ts'
import { proxyFor, type ProxyServer } from './sailpoint/proxy.ts'
import { tlsWarnings } from './sailpoint/tls-warnings.ts'
import type { Settings } from './settings.ts'
import type { Cancellation } from './cancellation.ts'

/** What the inputs ask for, valid, and ready to be enabled. */
export interface Prepared {
  readonly settings: Settings
  readonly list: IdentityList
  readonly ledger: Ledger
  /** What excludes identities, as more of their identifiers become known. */
  readonly exclusions: readonly Exclusion[]
  /** Null: none. */
  readonly proxy: ProxyServer | null
}

/** Reads the list, and excludes what it alone says is excluded. Problems with inputs and list are reported together.
 * @throws ConfigurationError */
export async function prepare(
  { settings, list: listSettings, sources, destinations }: ActionInputs,
  problems: Problems,
  journal: Journal,
  stop: AbortSignal,
  log: Log,
): Promise<Prepared> {
  log.group('Set-up')
  if (await isSource(destinations.resultsFile, sources, stop))
    problems.add(
      'Input results-file: it is one of the files that are read, which the report would overwrite. Use another path.',
    )
  else journal.reportTo(destinations.resultsFile)
  const list = listSettings === null ? null : await readList(listSettings, problems, stop)
  if (list !== null && settings !== null && isOtherTenant(list.report?.baseUrl ?? null, settings.baseUrl))
    problems.add(
      `Input from-report: the report is about ${named(list.report?.baseUrl)}, and this run is for ${named(settings.baseUrl)}. Use the report of a run for the same tenant.`,
    )
  const ledger = new Ledger(
    list?.identities ?? [],
    settings?.thresholds ?? NO_THRESHOLDS,
    settings?.dryRun,
    list?.excluded,
  )
  if (list !== null) journal.keep(ledger, list)
  problems.throwIfAny()
  if (settings === null || list === null) throw new Error('Inputs without problems have settings and a list.')
  journal.begin(settings)
  log.info(
    listText({
      count: list.identities.length,
      duplicates: list.duplicates,
      shard: shardText(settings.list.shard),
    }),
  )
  for (const warning of list.warnings) journal.note(warning)
  const found = settings.baseUrl === '' ? null : proxyFor(process.env, settings.baseUrl)
  const proxy = found?.kind === 'proxy' ? found : null
  for (const line of guardLines(settings, proxy?.name ?? null)) log.info(line)
  log.info(paceText(settings))
  const exclusions = [...(list.denyList === null ? [] : [list.denyList]), ...list.exclusions]
  excludeMatches(ledger, exclusions)
  if (ledger.counts.excluded > 0) log.info(excludedCountText(ledger.counts.excluded))
  return { settings, list, ledger, exclusions, proxy }
}

/** An address, which is empty where no tenant was given. */
function named(baseUrl = ''): string {
  return baseUrl === '' ? 'no tenant' : baseUrl
}

/** The client of the tenant, which tells the log of its waits; null in a dry run that was given no credential. */
export function connect(
  { settings, proxy }: Prepared,
  journal: Journal,
  { stop, kill }: Cancellation,
  log: Log,
  mask: (secret: string) => void,
): IscClient | null {
  const { credential, outageTimeoutMs } = settings
  if (credential === null) return null
  for (const warning of tlsWarnings(process.env)) journal.note(tlsWarningText(warning))
  const waits = createWaitLog(log, outageTimeoutMs, () => performance.now())
  const client = new IscClient({
    baseUrl: settings.baseUrl,
    apiVersion: settings.apiVersion,
    credential,
    userAgent: `isc-enable-identities/${manifest.version}`,
    proxy,
    concurrency: settings.concurrency,
    rateLimit: settings.rateLimit,
    requestTimeoutMs: settings.requestTimeoutMs,
    outageTimeoutMs,
    maxRetries: settings.maxRetries,
    stop,
    kill,
    onToken: mask,
    onExchange: ({ method, path, outcome, durationMs, attempt, trackingId }) =>
      log.debug(
        `${method} ${path} → ${outcome} in ${durationMs} ms, attempt ${attempt}, tracking ID ${trackingId ?? 'none'}`,
      ),
    ...waits,
  })
  journal.connect(client)
  return client
}
