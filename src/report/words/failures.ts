import type { Failure, NetworkFault, Operation } from '../../failure.ts'

const REQUESTS: Readonly<Record<Operation, string>> = {
  token: 'the token request',
  read: 'the request to read identities',
  enable: 'the enable request',
}

/** What happened to a request, in ISC's own words where it gave any, and what to do about it. */
export function failureText(failure: Failure): string {
  const request = REQUESTS[failure.operation]
  if (failure.kind === 'no-answer') {
    const [what, advice] = NO_ANSWER[failure.fault]
    const detail = withoutPeriod(failure.detail)
    return advised(
      `${what.replace('HOST', () => failure.host)}${detail === '' ? '' : `: ${detail}`}.`,
      advice,
    )
  }
  const { status, trackingId, operation } = failure
  const tracking = trackingId === null ? '' : ` (tracking ID ${trackingId})`
  if (failure.kind === 'unreadable')
    return `ISC's answer to ${request} (${status}) cannot be read: ${failure.fault}${tracking}.`
  const said = `${withoutPeriod(failure.said ?? 'no reason was given')}${tracking}.`
  return failure.isForeign
    ? `The answer to ${request} (${status}) is not from ISC: ${said} ${CHECK_WAY}`
    : advised(
        `ISC rejected ${request} (${status}): ${said}`,
        ADVICE[operation][status] ?? COMMON_ADVICE[status],
      )
}

function withoutPeriod(text: string): string {
  return text.trim().replace(/\.$/, '')
}

function advised(what: string, advice: string | undefined): string {
  return advice === undefined ? what : `${what} ${advice}`
}

export const CHECK_WAY =
  'Check `base-url` (or `tenant`), and the proxy or firewall between the runner and ISC.'
const CHECK_PAIR = 'Check `client-id` and `client-secret`, and that they belong to this tenant.'
const REDIRECTED = 'The action does not follow redirects. Check `base-url`.'

/** What a workflow author can do about a status. Facts: ISC's API documentation. */
const COMMON_ADVICE: Readonly<Record<number, string>> = {
  301: REDIRECTED,
  302: REDIRECTED,
  307: REDIRECTED,
  308: REDIRECTED,
  401: 'If you use `token`, it might have expired: an access token is valid for about 12 minutes. With `client-id` and `client-secret`, the action renews it. Otherwise the credential is for another tenant, or the wrong secret is set.',
  404: 'Check `tenant` (or `base-url`) and `api-version`.',
  405: 'Check `base-url`: the address is not that of the ISC API.',
  410: 'Check `api-version`: ISC no longer serves this version.',
  451: 'Ask your network administrator: something between the runner and ISC forbids the request.',
}

const ADVICE: Readonly<Record<Operation, Readonly<Record<number, string>>>> = {
  token: { 200: CHECK_PAIR, 400: CHECK_PAIR, 401: CHECK_PAIR, 403: CHECK_PAIR },
  read: { 403: 'The credential needs the scope `idn:identity:read`.' },
  enable: {
    403: 'The credential needs the scope `idn:accounts-state:manage`, and its user the Admin user level (`ORG_ADMIN`). If this is the credential for plans, do not add the scope: check that the environment of this job has its own secrets.',
  },
}

const CHECK_CLOCK = 'Check the clock of the runner.'

/** What happened, and what to do. */
const NO_ANSWER: Readonly<Record<NetworkFault, readonly [what: string, advice?: string]>> = {
  timeout: ['No complete answer from HOST within `request-timeout`'],
  connection: ['No answer from HOST'],
  'no-such-host': [
    'The host HOST cannot be resolved',
    'Check `tenant` (or `base-url`). On a self-hosted runner, also check DNS and `https_proxy`.',
  ],
  tls: ['No TLS connection to HOST'],
  'certificate-expired': [
    'The certificate of HOST has expired',
    `${CHECK_CLOCK} If it is right, the server or a proxy needs a new certificate.`,
  ],
  'certificate-not-yet-valid': ['The certificate of HOST is not valid yet', CHECK_CLOCK],
  'certificate-for-another-host': [
    'The certificate of HOST is for another host',
    'Check `tenant` (or `base-url`), and the proxy between the runner and ISC.',
  ],
  'certificate-issuer-unknown': [
    'The certificate of HOST is not trusted',
    'If a proxy or a private certificate authority is between the runner and ISC, set `NODE_EXTRA_CA_CERTS` to its certificate (a PEM file that exists) in the environment of the step or the runner.',
  ],
  'proxy-authentication': [
    'The proxy HOST requires authentication',
    'Check user name and password in `https_proxy`.',
  ],
  'proxy-rejected': [
    'The proxy HOST rejected the connection',
    "Ask your network administrator to allow the tenant's API host.",
  ],
  'proxy-unreachable': ['The proxy HOST cannot be reached', 'Check `https_proxy`.'],
}
