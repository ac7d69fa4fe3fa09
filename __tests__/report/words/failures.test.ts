import { describe, expect, it } from '@jest/globals'

import type { Failure, Stop } from '../../../src/failure.ts'
import { failureText } from '../../../src/report/words/failures.ts'
import { stopText } from '../../../src/report/words/failures.ts'
import { rejection } from '../../support/run-report.ts'

const noAnswer = (changes: object): Failure => ({
  kind: 'no-answer',
  operation: 'read',
  host: 'acme.api.identitynow.com',
  fault: 'connection',
  detail: 'socket hang up (ECONNRESET).',
  ...changes,
})

describe('a failure in words', () => {
  it.each<[Failure, string]>([
    [rejection(400, 'Bad list.'), 'ISC rejected the enable request (400): Bad list.'],
    [rejection(500), 'ISC rejected the enable request (500): no reason was given.'],
    [
      { ...rejection(403, 'Forbidden'), operation: 'read' },
      'ISC rejected the request to read identities (403): Forbidden. The credential needs the scope `idn:identity:read`.',
    ],
    [
      { ...rejection(200, 'invalid_client'), operation: 'token' },
      'ISC rejected the token request (200): invalid_client. Check `client-id` and `client-secret`, and that they belong to this tenant.',
    ],
    [
      { ...rejection(404, 'No page'), kind: 'status', trackingId: 't-1' } as Failure,
      'ISC rejected the enable request (404): No page (tracking ID t-1). Check `tenant` (or `base-url`) and `api-version`.',
    ],
    [
      { ...rejection(403, 'Blocked by policy'), isForeign: true } as Failure,
      'The answer to the enable request (403) is not from ISC: Blocked by policy. Check `base-url` (or `tenant`), and the proxy or firewall between the runner and ISC.',
    ],
    [
      {
        kind: 'unreadable',
        operation: 'enable',
        status: 202,
        fault: 'its body is not JSON',
        trackingId: null,
      },
      "ISC's answer to the enable request (202) cannot be read: its body is not JSON.",
    ],
    [
      rejection(307, 'Moved'),
      'ISC redirected the enable request (307). The action does not follow redirects. Check `base-url`.',
    ],
    [
      { ...rejection(302), isForeign: true, trackingId: 't-1' } as Failure,
      'ISC redirected the enable request (302) (tracking ID t-1). The action does not follow redirects. Check `base-url`.',
    ],
    [noAnswer({}), 'No answer from acme.api.identitynow.com: socket hang up (ECONNRESET).'],
    [
      noAnswer({ fault: 'timeout', detail: '' }),
      'No complete answer from acme.api.identitynow.com within `request-timeout`.',
    ],
    [
      noAnswer({ fault: 'certificate-expired', detail: '' }),
      'The certificate of acme.api.identitynow.com has expired. Check the clock of the runner. If it is right, the server or a proxy needs a new certificate.',
    ],
    [
      noAnswer({ fault: 'proxy-authentication', host: 'proxy:$&', detail: '407' }),
      'The proxy proxy:$& requires authentication: 407. Check user name and password in `https_proxy`.',
    ],
  ])('%#', (failure, text) => {
    expect(failureText(failure)).toBe(text)
  })
})

describe('a stop in words', () => {
  const failure = rejection(401, 'Expired')
  it.each<[Stop, RegExp]>([
    [{ reason: 'invalid-input' }, /^Inputs or the list are invalid/],
    [{ reason: 'fail-fast' }, /`fail-fast`/],
    [
      { reason: 'authentication', failure },
      /^ISC rejected the enable request \(401\): Expired\. If you use `token`, it might have expired/,
    ],
    [
      { reason: 'outage', timeoutMs: 20_000 },
      /^ISC did not respond for 20 s \(`outage-timeout`\)\. Pass this run's/,
    ],
    [
      { reason: 'rejected', failure, isEverything: true },
      /^ISC accepted no identity\. .* accepted none of them\. ISC rejected the enable/,
    ],
    [
      { reason: 'wrong-tenant', count: 3 },
      /^None of the 3 identities exists in acme\.example\. Check `tenant`/,
    ],
    [
      { reason: 'max-to-enable', toEnable: 5, max: 3 },
      /^5 identities would be enabled, and `max-to-enable` is 3\. Split/,
    ],
    [
      { reason: 'states-unknown', count: 1, failure: null },
      /^Lifecycle states and identity statuses of 1 identity could not be read without a cred/,
    ],
    [
      { reason: 'states-unknown', count: 2, failure },
      /^Lifecycle states and identity statuses of 2 identities could not be read\. ISC rejected/,
    ],
    [{ reason: 'unreachable', failure: noAnswer({}) }, /ECONNRESET\)\. Check `base-url` \(or `tenant`\)/],
    [{ reason: 'internal-error', message: 'x is not a function' }, /^Internal error: x is not a function$/],
  ])('%#', (stop, text) => {
    expect(stopText(stop, { baseUrl: 'https://acme.example', dryRun: false })).toMatch(text)
  })

  it('advises another plan after an outage of a plan', () => {
    const stop = { reason: 'outage', timeoutMs: 20_000 } as const
    expect(stopText(stop, { baseUrl: '', dryRun: true })).toMatch(/Make the plan again/)
  })
})
