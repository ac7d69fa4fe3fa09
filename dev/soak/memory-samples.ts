import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { median } from '../bench/measured.ts'

const PROBE = pathToFileURL(join(import.meta.dirname, 'memory-probe.js'))

/** What the action's process holds in memory over time, in MiB: live objects and buffers, without garbage. */
export class MemorySamples {
  readonly #folder = mkdtempSync(join(tmpdir(), 'soak-'))
  readonly #file = join(this.#folder, 'samples')

  /** The environment in which the action writes the samples. */
  get env(): Record<string, string> {
    return { NODE_OPTIONS: `--import ${PROBE.href}`, MEMORY_SAMPLES: this.#file }
  }

  /** Medians of the first and the last third, and the highest; then the samples are gone. */
  summarize(): { firstThird: number; lastThird: number; peak: number } {
    const samples = readFileSync(this.#file, 'utf8').trimEnd().split('\n').map(Number)
    rmSync(this.#folder, { recursive: true })
    const third = Math.ceil(samples.length / 3)
    return {
      firstThird: median(samples.slice(0, third)),
      lastThird: median(samples.slice(-third)),
      peak: Math.max(...samples),
    }
  }
}
