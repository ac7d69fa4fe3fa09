import type { Failure, NetworkFault, Operation, Stop } from '../../failure.ts'
import type { RunReport } from '../run-report.ts'
import { countText, durationText, identitiesText } from './phrases.ts'

const REQUESTS: Readonly<Record<Operation, string>> = {
  token: 'the token request',
  read: 'the request to read identities',
  enable: 'the enable request',
}

/**
 * What happened to a request, in ISC's own words where it gave any, and what to do about it; `otherwise`: what to do
 * where no answer arrived for a reason that is not known.
 */
export function failureText(failure: Failure, otherwise = ''): string {
  const request = REQUESTS[failure.operation]
  if (failure.kind === 'no-answer') {
    const text = NO_ANSWER[failure.fault]
    const detail = withoutPeriod(failure.detail)
    const what = text.replace(': DETAIL', () => detail && `: ${detail}`).replace('HOST', () => failure.host)
    return text.endsWith('DETAIL.') ? `${what} ${otherwise}`.trimEnd() : what
  }
  const { status, trackingId, operation } = failure
  const tracking = trackingId === null ? '' : ` (tracking ID ${trackingId})`
  if (failure.kind === 'unreadable')
    return `ISC's answer to ${request} (${status}) cannot be read: ${failure.fault}${tracking}.`
  if (status >= 300 && status < 400)
    return `ISC redirected ${request} (${status})${tracking}. The action does not follow redirects. Check \`base-url\`.`
  const said = `${withoutPeriod(failure.said ?? 'no reason was given')}${tracking}.`
  if (failure.isForeign) return `The answer to ${request} (${status}) is not from ISC: ${said} ${CHECK_WAY}`
  const advice = ADVICE[operation][status] ?? COMMON_ADVICE[status] ?? ''
  return `ISC rejected ${request} (${status}): ${said} ${advice}`.trimEnd()
}

function withoutPeriod(text: string): string {
  return text.trim().replace(/\.$/, '')
}

const CHECK_WAY = 'Check `base-url` (or `tenant`), and the proxy or firewall between the runner and ISC.'
const CHECK_PAIR = 'Check `client-id` and `client-secret`, and that they belong to this tenant.'

/** What a workflow author can do about a status. Facts: ISC's API documentation. */
const COMMON_ADVICE: Readonly<Record<number, string>> = {
  401: 'If you use `token`, it might have expired: an access token is typically valid for about 12 minutes. With `client-id` and `client-secret`, the action renews it. Otherwise the credential is for another tenant, or the wrong secret is set.',
  404: 'Check `tenant` (or `base-url`) and `api-version`.',
  405: 'Check `base-url`: the address is not that of the ISC API.',
  410: 'Check `api-version`: ISC no longer serves this version.',
  451: 'Ask your network administrator: something between the runner and ISC forbids the request.',
}

const ADVICE: Readonly<Record<Operation, Readonly<Record<number, string>>>> = {
  token: { 200: CHECK_PAIR, 400: CHECK_PAIR, 401: CHECK_PAIR, 403: CHECK_PAIR },
  read: { 403: 'The credential needs the scope `idn:identity:read`.' },
  enable: {
    403: 'If this is the credential for plans, do not add a scope: check that the environment of this job has its own secrets. Otherwise, the credential needs the scope `idn:accounts-state:manage`, and its user the Admin user level (`ORG_ADMIN`).',
  },
}

const NO_ANSWER: Readonly<Record<NetworkFault, string>> = {
  timeout: 'No complete answer from HOST within `request-timeout`: DETAIL.',
  connection: 'No answer from HOST: DETAIL.',
  'no-such-host':
    'The host HOST cannot be resolved: DETAIL. Check `tenant` (or `base-url`). On a self-hosted runner, also check DNS and `https_proxy`.',
  tls: 'No TLS connection to HOST: DETAIL.',
  'certificate-expired':
    'The certificate of HOST has expired: DETAIL. Check the clock of the runner. If it is right, the server or a proxy needs a new certificate.',
  'certificate-not-yet-valid':
    'The certificate of HOST is not valid yet: DETAIL. Check the clock of the runner.',
  'certificate-for-another-host':
    'The certificate of HOST is for another host: DETAIL. Check `tenant` (or `base-url`), and the proxy between the runner and ISC.',
  'certificate-issuer-unknown':
    'The certificate of HOST is not trusted: DETAIL. If a proxy or a private certificate authority is between the runner and ISC, set `NODE_EXTRA_CA_CERTS` to its certificate (a PEM file that exists) in the environment of the step or the runner.',
  'proxy-authentication':
    'The proxy HOST requires authentication: DETAIL. Check user name and password in `https_proxy`.',
  'proxy-rejected':
    "The proxy HOST rejected the connection: DETAIL. Ask your network administrator to allow the tenant's API host.",
  'proxy-unreachable': 'The proxy HOST cannot be reached: DETAIL. Check `https_proxy`.',
}

/** Why a run ended before all was done, and what to do. It may hold text from outside. */
export function stopText(stop: Stop, { baseUrl, dryRun }: Pick<RunReport, 'baseUrl' | 'dryRun'>): string {
  switch (stop.reason) {
    case 'invalid-input':
      return 'Inputs or the list are invalid, so the action submitted nothing.'
    case 'cancelled':
      return 'The run was cancelled.'
    case 'fail-fast':
      return 'A failure threshold was exceeded, and `fail-fast` is set.'
    case 'authentication':
      return failureText(stop.failure)
    case 'unreachable':
      return failureText(stop.failure, CHECK_WAY)
    case 'outage': {
      const advice = dryRun ? 'Make the plan again' : "Pass this run's report to `from-report`"
      return `ISC did not respond for ${durationText(stop.timeoutMs)} (\`outage-timeout\`). ${advice} when ISC is back.`
    }
    case 'rejected':
      return stop.isEverything
        ? `ISC accepted no identity. The action also submitted identities from across the list one at a time, and ISC accepted none of them. ${failureText(stop.failure)}`
        : failureText(stop.failure)
    case 'wrong-tenant':
      return `None of the ${countText(stop.count)} identities exists in ${hostOf(baseUrl)}. Check \`tenant\` (or \`base-url\`) and the list.`
    case 'max-to-enable':
      return `${identitiesText(stop.toEnable)} would be enabled, and \`max-to-enable\` is ${countText(stop.max)}. Split the list, or increase \`max-to-enable\`.`
    case 'states-unknown': {
      const states = `Lifecycle states and identity statuses of ${identitiesText(stop.count)}`
      return stop.failure === null
        ? `${states} could not be read without a credential. Set \`client-id\` and \`client-secret\`. If you set them from GitHub secrets, check that both secrets exist for this repository or environment.`
        : `${states} could not be read. ${failureText(stop.failure)}`
    }
    case 'internal-error':
      return `Internal error: ${stop.message}`
  }
}

/** The host of the tenant's API; empty where no tenant was given. */
export function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl
}
