import type { Log } from './log.ts'
import { countText, durationText, percentText } from '../words/numbers.ts'

/** No two lines are nearer than this. */
const SHORTEST_SILENCE_MS = 5_000
/** A line comes after this time even when no further tenth is done. */
const LONGEST_SILENCE_MS = 30_000

export interface ProgressOptions {
  /** What becomes of an identity: "sent", "confirmed". */
  readonly done: string
  readonly total: number
  readonly log: Pick<Log, 'info'>
  /** Milliseconds. */
  readonly now: () => number
}

export interface Progress {
  /** To be called after every step, with how many are done so far, and how many of them failed. */
  readonly update: (done: number, failed?: number) => void
  /** Milliseconds since the start. */
  readonly elapsed: () => number
}

/**
 * Tells the log how far a run is: a line for every tenth, or every 30 s where a tenth takes longer, but never within
 * 5 s of another. Short runs have none; what begins and ends is said in `phases.ts`.
 */
export function createProgress({ done: what, total, log, now }: ProgressOptions): Progress {
  const start = now()
  let lastAt = start
  let lastTenth = 0
  return {
    update: (done, failed = 0) => {
      const tenth = Math.floor((done * 10) / total)
      const silence = now() - lastAt
      if (done >= total || silence < SHORTEST_SILENCE_MS) return
      if (tenth <= lastTenth && silence < LONGEST_SILENCE_MS) return
      lastAt = now()
      lastTenth = tenth
      const rate = (done * 1000) / Math.max(1, now() - start)
      const bad = failed === 0 ? '' : `, ${countText(failed)} failed`
      const left = rate === 0 ? '' : `, about ${durationText(((total - done) * 1000) / rate)} left`
      log.info(
        `${countText(done)} of ${countText(total)} ${what} (${percentText(done, total)})${bad}, ${rateText(rate)}${left}.`,
      )
    },
    elapsed: () => now() - start,
  }
}

function rateText(perSecond: number): string {
  return `${countText(perSecond < 10 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond))} per second`
}
