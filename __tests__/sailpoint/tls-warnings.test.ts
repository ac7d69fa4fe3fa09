import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { X509Certificate } from 'node:crypto'

import { expect, test } from '@jest/globals'

import { makeCertificate } from '../../dev/tenant/certificate.ts'
import { tlsWarnings } from '../../src/sailpoint/tls-warnings.ts'

const folder = mkdtempSync(join(tmpdir(), 'ca-'))

function fileWith(content: string | Buffer): string {
  const file = join(folder, `${Math.random()}.pem`)
  writeFileSync(file, content)
  return file
}

test('certificates that are not checked', () => {
  expect(tlsWarnings({})).toEqual([])
  expect(tlsWarnings({ NODE_EXTRA_CA_CERTS: '', NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toEqual([])
  expect(tlsWarnings({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual([{ kind: 'certificates-unchecked' }])
})

test('NODE_EXTRA_CA_CERTS that names no file', () => {
  for (const file of [join(folder, 'none.pem'), folder]) {
    expect(tlsWarnings({ NODE_EXTRA_CA_CERTS: file })).toEqual([{ kind: 'extra-ca-missing', file }])
  }
})

test('NODE_EXTRA_CA_CERTS that is not PEM', async () => {
  const { cert, key } = await makeCertificate()
  const broken = cert.replace(/\n[^-\n]{20}/, '\n')
  for (const content of ['', new X509Certificate(cert).raw, key, broken]) {
    const file = fileWith(content)
    expect(tlsWarnings({ NODE_EXTRA_CA_CERTS: file })).toEqual([{ kind: 'extra-ca-not-pem', file }])
  }
  for (const content of [cert, `# Our authority\n${cert}\n${cert}`, cert.replace(/\r?\n/g, '\r\n')]) {
    expect(tlsWarnings({ NODE_EXTRA_CA_CERTS: fileWith(content) })).toEqual([])
  }
})
