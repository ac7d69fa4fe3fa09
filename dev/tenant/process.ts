/** The simulated tenant in a process of its own, for the benchmark: its work is not the measured program's. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { startTenant, type TenantOptions } from './tenant.ts'

export interface TenantProcess {
  readonly baseUrl: string
  /** The certificates (PEM) to trust; null without TLS. */
  readonly certificate: string | null
  /** How often each status was answered so far. */
  statuses(): Promise<Readonly<Record<string, number>>>
  stop(): Promise<void>
}

/** Starts a tenant in a child process. It records nothing. */
export async function spawnTenant(options: TenantOptions): Promise<TenantProcess> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(options)])
  const message = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      child.once('message', resolve)
      child.once('exit', () => reject(new Error('The tenant ended.')))
    })
  const addressed = await message<Pick<TenantProcess, 'baseUrl' | 'certificate'>>()
  return {
    ...addressed,
    statuses: () => {
      child.send('statuses')
      return message()
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.disconnect()
      }),
  }
}

if (import.meta.main) {
  const tenant = await startTenant({
    ...(JSON.parse(process.argv[2] ?? '{}') as TenantOptions),
    record: false,
  })
  process.on('message', () => process.send?.(tenant.statuses))
  process.on('disconnect', () => process.exit())
  process.send?.({ baseUrl: tenant.baseUrl, certificate: tenant.certificate })
}
