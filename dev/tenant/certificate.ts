import { randomUUID } from 'node:crypto'

import { generate } from 'selfsigned'

export type CertificateFault = 'expired' | 'not-yet-valid' | 'another-host'

const DAY_MS = 24 * 60 * 60 * 1000

/** A certificate that is its own authority, for `localhost` and `isc.test`, with what is to be wrong with it. */
export async function makeCertificate(kind?: CertificateFault): Promise<{ cert: string; key: string }> {
  const now = Date.now()
  const host = kind === 'another-host' ? 'another.test' : 'localhost'
  const altNames = [
    { type: 2 as const, value: host },
    { type: 2 as const, value: kind === 'another-host' ? host : 'isc.test' }, // by way of a proxy, which loopback hosts are not
  ]
  // OpenSSL confuses authorities of one name.
  const subject = [
    { name: 'commonName', value: host },
    { name: 'organizationName', value: randomUUID() },
  ]
  const { cert, private: key } = await generate(subject, {
    keyType: 'ec',
    notBeforeDate: new Date(now + (kind === 'not-yet-valid' ? 1 : -2) * DAY_MS),
    notAfterDate: new Date(now + (kind === 'expired' ? -1 : 30) * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames },
    ],
  })
  return { cert, key }
}
