import type { Failure, NetworkFault, Operation } from '../../failure.ts'

const REQUESTS: Readonly<Record<Operation, string>> = {
  token: 'the token request',
  read: 'the request to read identities',
  enable: 'the enable request',
}

/** What happened to a request, in ISC's own words where it gave any, and what to do about it. */
export function failureText(failure: Failure): string {
  const request = REQUESTS[failure.operation]
  switch (failure.kind) {
    case 'status': {
      const { status, operation, isForeign, trackingId } = failure
      const said = failure.said?.trim().replace(/\.$/, '') ?? 'no reason was given'
      const tracking = trackingId === null ? '' : ` (tracking ID ${trackingId})`
      if (isForeign)
        return `The answer to ${request} (${status}) is not from ISC: ${said}${tracking}. Check \`base-url\` (or \`tenant\`), and the proxy or firewall between the runner and ISC.`
      const advice = ADVICE[operation][status] ?? COMMON_ADVICE[status]
      return sentences(`ISC rejected ${request} (${status}): ${said}${tracking}.`, advice)
    }
    case 'unreadable': {
      const tracking = failure.trackingId === null ? '' : ` (tracking ID ${failure.trackingId})`
      return `ISC's answer to ${request} (${failure.status}) cannot be read: ${failure.fault}${tracking}.`
    }
    case 'no-answer': {
      const { what, advice } = NO_ANSWER[failure.fault]
      const detail = failure.detail.trim().replace(/\.$/, '')
      const happened = what.replace('HOST', () => failure.host)
      return sentences(detail === '' ? `${happened}.` : `${happened}: ${detail}.`, advice)
    }
  }
}

function sentences(what: string, advice: string | undefined): string {
  return advice === undefined ? what : `${what} ${advice}`
}

const CHECK_PAIR = 'Check `client-id` and `client-secret`, and that they belong to this tenant.'
const REDIRECTED = 'The action does not follow redirects. Check `base-url`.'

/** What a workflow author can do about a status. Facts: ISC's API documentation. */
const COMMON_ADVICE: Readonly<Record<number, string>> = {
  301: REDIRECTED,
  302: REDIRECTED,
  307: REDIRECTED,
  308: REDIRECTED,
  401: 'Either the access token has expired (it is valid for about 12 minutes; with `client-id` and `client-secret` the action renews it), it is for another tenant, or the wrong secret is set.',
  404: 'Check `tenant` (or `base-url`) and `api-version`.',
  405: 'Check `base-url`: the address is not that of the ISC API.',
  410: 'Check `api-version`: ISC no longer serves this version.',
  451: 'Ask your network administrator: something between the runner and ISC forbids the request.',
}

const ADVICE: Readonly<Record<Operation, Readonly<Record<number, string>>>> = {
  token: { 200: CHECK_PAIR, 400: CHECK_PAIR, 401: CHECK_PAIR, 403: CHECK_PAIR },
  read: { 403: 'The credential needs the scope `idn:identity:read`.' },
  enable: {
    403: 'The credential needs the scope `idn:accounts-state:manage`, and its user the Admin user level (`ORG_ADMIN`).',
  },
}

const PRIVATE_AUTHORITY =
  'If a proxy or a private certificate authority is between the runner and ISC, set `NODE_EXTRA_CA_CERTS` to its certificate (a PEM file that exists) in the environment of the step or the runner.'

const NO_ANSWER: Readonly<Record<NetworkFault, { readonly what: string; readonly advice?: string }>> = {
  timeout: { what: 'No complete answer from HOST within `request-timeout`' },
  connection: { what: 'No answer from HOST' },
  'no-such-host': {
    what: 'The host HOST cannot be resolved',
    advice: 'Check `tenant` (or `base-url`). On a self-hosted runner, also check DNS and `https_proxy`.',
  },
  tls: { what: 'No TLS connection to HOST' },
  'certificate-expired': {
    what: 'The certificate of HOST has expired',
    advice: 'Check the clock of the runner. If it is right, a proxy or the server needs a new certificate.',
  },
  'certificate-not-yet-valid': {
    what: 'The certificate of HOST is not valid yet',
    advice: 'Check the clock of the runner.',
  },
  'certificate-for-another-host': {
    what: 'The certificate of HOST is for another host',
    advice: 'Check `tenant` (or `base-url`), and the proxy between the runner and ISC.',
  },
  'certificate-issuer-unknown': {
    what: 'The certificate of HOST is not trusted',
    advice: PRIVATE_AUTHORITY,
  },
  'proxy-authentication': {
    what: 'The proxy HOST requires authentication',
    advice: 'Check user name and password in `https_proxy`.',
  },
  'proxy-rejected': {
    what: 'The proxy HOST rejected the connection',
    advice: "Ask your network administrator to allow the tenant's API host.",
  },
  'proxy-unreachable': { what: 'The proxy HOST cannot be reached', advice: 'Check `https_proxy`.' },
}
