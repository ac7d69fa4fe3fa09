import { describe, expect, test } from '@jest/globals'

import { UNUSUAL_FORMS } from '../../dev/tenant/faults.ts'
import { identityId, identityIds } from '../../dev/tenant/population.ts'
import type { Tenant } from '../../dev/tenant/tenant.ts'
import { proxyWith } from '../support/proxy.ts'
import { credentialFor, listsOf, runAgainst, tenantWith } from '../support/tenant.ts'
import { runAction } from '../../dev/run-action.ts'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const LIST = { 'identity-ids': `${identityId(0)} ${identityId(1)}` }

/** The file that NODE_EXTRA_CA_CERTS names. */
async function certificateFile(certificate: string | null): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'ca-')), 'ca.pem')
  await writeFile(file, certificate ?? '')
  return file
}

describe('TLS', () => {
  test('a private certificate authority is trusted through NODE_EXTRA_CA_CERTS', async () => {
    const tenant = await tenantWith({ tls: true })
    const env = { NODE_EXTRA_CA_CERTS: await certificateFile(tenant.certificate) }
    const run = await runAgainst(tenant, LIST, { env })
    expect(run.exitCode).toBe(0)
  })

  test('without it nothing is submitted', async () => {
    const tenant = await tenantWith({ tls: true })
    const run = await runAgainst(tenant, LIST)
    expect(run.exitCode).toBe(1)
    expect(listsOf(run).unprocessed).toHaveLength(2)
    expect(tenant.requests).toEqual([])
  })
})

describe('a proxy', () => {
  const named = ({ baseUrl }: Tenant): Record<string, string> => ({
    ...LIST,
    'base-url': baseUrl.replace('localhost', 'isc.test'),
  })

  test('is used for https, with one tunnel for requests one after the other', async () => {
    const [tenant, proxy] = [await tenantWith({ tls: true }), await proxyWith()]
    const env = {
      NODE_EXTRA_CA_CERTS: await certificateFile(tenant.certificate),
      https_proxy: `http://127.0.0.1:${proxy.port}`,
    }
    const run = await runAgainst(tenant, { ...named(tenant), 'batch-size': '1', concurrency: '1' }, { env })
    expect(run.exitCode).toBe(0)
    expect(proxy.connects).toEqual([`isc.test:${new URL(tenant.baseUrl).port}`])
    expect(tenant.requests).toHaveLength(3)
  })

  test('gets the credentials of its URL, decoded', async () => {
    const [tenant, proxy] = [
      await tenantWith({ tls: true }),
      await proxyWith({ credentials: 'me:s3cret@home' }),
    ]
    const env = {
      NODE_EXTRA_CA_CERTS: await certificateFile(tenant.certificate),
      https_proxy: `http://me:s3cret%40home@127.0.0.1:${proxy.port}`,
    }
    const run = await runAgainst(tenant, named(tenant), { env })
    expect(run.exitCode).toBe(0)
    expect(proxy.connects.length).toBeGreaterThan(0)
    expect(run.stdout).toMatch(
      new RegExp(`^Tenant: .* through the proxy 127\\.0\\.0\\.1:${proxy.port}\\.$`, 'm'),
    )
    expect(run.stdout + run.stderr).not.toMatch(/s3cret/)
  })

  test('that rejects the credentials is asked once, and named in the error, without them', async () => {
    const [tenant, proxy] = [await tenantWith({ tls: true }), await proxyWith({ credentials: 'me:s3cret' })]
    const env = { https_proxy: `http://me:wrong-s3cret@127.0.0.1:${proxy.port}` }
    const run = await runAgainst(tenant, named(tenant), { env })
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toMatch(/::error.*https_proxy/)
    expect(run.stdout + run.stderr).not.toContain('wrong-s3cret')
    expect(proxy.connects).toHaveLength(1)
    expect(tenant.requests).toEqual([])
  })

  test('is passed by for the hosts of no_proxy', async () => {
    const [tenant, proxy] = [await tenantWith({ tls: true }), await proxyWith()]
    const env = {
      NODE_EXTRA_CA_CERTS: await certificateFile(tenant.certificate),
      https_proxy: `http://127.0.0.1:${proxy.port}`,
      no_proxy: 'isc.test',
    }
    const run = await runAgainst(tenant, { ...named(tenant), 'max-retries': '0' }, { env })
    // Without the proxy nothing knows this host.
    expect(run.stdout).toMatch(/::error.*isc\.test.*cannot be resolved/)
    expect(proxy.connects).toEqual([])
  })
})

test.each(UNUSUAL_FORMS)('an answer with %s is read the first time', async (form) => {
  const tenant = await tenantWith({ faults: [{ kind: 'unusual', form }] })
  const run = await runAgainst(tenant, { ...LIST, 'max-retries': '0' })
  expect(run.exitCode).toBe(0)
  expect(tenant.requests).toHaveLength(2)
})

test('connections that the server closes after each answer cost no retry', async () => {
  const tenant = await tenantWith({ answersPerConnection: 1 })
  const inputs = { 'identity-ids': identityIds(40).join(' '), 'batch-size': '1', 'max-retries': '0' }
  const run = await runAgainst(tenant, inputs)
  expect(run.exitCode).toBe(0)
  expect(listsOf(run).succeeded).toHaveLength(40)
  expect(tenant.requests).toHaveLength(41)
})

test('an IPv6 address is reached', async () => {
  const tenant = await tenantWith({ host: '::1' })
  expect(tenant.baseUrl).toMatch(/^http:\/\/\[::1\]:/)
  const run = await runAction({ inputs: { ...credentialFor(tenant), ...LIST } })
  expect(run.exitCode).toBe(0)
})
