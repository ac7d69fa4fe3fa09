import { getCACertificates, setDefaultCACertificates } from 'node:tls'

import { afterEach } from '@jest/globals'

const before = getCACertificates()

afterEach(() => setDefaultCACertificates(before))

/** Trusts these certificates (PEM) in this process until the test ends. */
export function trust(...texts: readonly (string | null)[]): void {
  const certificates = texts.flatMap((text) => text?.split(/(?<=-----END CERTIFICATE-----)/) ?? [])
  setDefaultCACertificates(certificates.filter((text) => text.includes('BEGIN')))
}
