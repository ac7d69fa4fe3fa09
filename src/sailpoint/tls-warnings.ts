import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'

/** What in the environment weakens or breaks the check of certificates, which Node only says on stderr. */
export type TlsWarning =
  | { readonly kind: 'certificates-unchecked' }
  | { readonly kind: 'extra-ca-missing' | 'extra-ca-not-pem'; readonly file: string }

/** Checks the variables with which Node's TLS is set. */
export function tlsWarnings(env: NodeJS.ProcessEnv): TlsWarning[] {
  const file = env['NODE_EXTRA_CA_CERTS']
  const fault = file ? extraCaFault(file) : null
  return [
    ...(file && fault !== null ? [{ kind: fault, file }] : []),
    ...(env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0' ? [{ kind: 'certificates-unchecked' } as const] : []),
  ]
}

function extraCaFault(file: string): 'extra-ca-missing' | 'extra-ca-not-pem' | null {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return 'extra-ca-missing'
  const text = readFileSync(file, 'latin1')
  const start = text.search(/-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----/)
  return start >= 0 && isCertificate(text.slice(start)) ? null : 'extra-ca-not-pem'
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false // OpenSSL's reason says nothing that helps
  }
}
