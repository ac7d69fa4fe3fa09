import { readFileSync } from 'node:fs'

import { median } from '../bench/measured.ts'

const EVERY_MS = 1_000

/** The resident memory of a process over time, in MiB. On Linux; elsewhere there are no samples. */
export class MemorySamples {
  readonly #samples: number[] = []
  #timer: NodeJS.Timeout | null = null

  /** Takes a sample each second from now on. */
  follow(pid: number | undefined): void {
    this.#timer = setInterval(() => {
      const sample = residentMiB(pid)
      if (sample !== null) this.#samples.push(sample)
    }, EVERY_MS)
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
  }

  /** Medians of the first and the last third, and the highest. */
  get summary(): { firstThird: number; lastThird: number; peak: number } {
    const third = Math.ceil(this.#samples.length / 3)
    return {
      firstThird: median(this.#samples.slice(0, third)),
      lastThird: median(this.#samples.slice(-third)),
      peak: this.#samples.reduce((peak, sample) => Math.max(peak, sample), 0),
    }
  }
}

function residentMiB(pid: number | undefined): number | null {
  try {
    const [, kibibytes = ''] =
      /^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8')) ?? []
    return kibibytes === '' ? null : Math.round(Number(kibibytes) / 1024)
  } catch {
    return null // it has ended, or this is not Linux
  }
}
