import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What a measured process took. */
export interface Measured {
  readonly wallMs: number
  readonly cpuMs: number
  readonly peakMiB: number
}

/** Runs a Node script to its end and measures it. @throws when it ends with another exit code than is meant */
export async function measure(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  meant = 0,
): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  const file = join(folder, 'measured.json')
  const preload = pathToFileURL(join(import.meta.dirname, 'measure.js')).href
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['--import', preload, script, ...args], {
    env: { PATH: process.env['PATH'], ...env, MEASURE_FILE: file },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('close', resolve).on('error', reject)
  })
  const wallMs = performance.now() - startedAt
  if (exitCode !== meant) throw new Error(`${script} ended with ${exitCode ?? 'a signal'}.`)
  const measured = JSON.parse(await readFile(file, 'utf8')) as Omit<Measured, 'wallMs'>
  await rm(folder, { recursive: true })
  return { wallMs, ...measured }
}

/** The middle one of several measurements. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}
