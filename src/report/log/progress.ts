import type { Log } from './log.ts'
import { countText, durationText, identitiesText, percentText } from '../words/numbers.ts'

/** No two lines are nearer than this. */
const SHORTEST_SILENCE_MS = 5_000
/** A line comes after this time even when no further tenth is done. */
const LONGEST_SILENCE_MS = 30_000

export interface ProgressOptions {
  /** What is being done: "Enabling". */
  readonly label: string
  readonly total: number
  readonly log: Pick<Log, 'info'>
  /** Milliseconds. */
  readonly now: () => number
}

export interface Progress {
  /** To be called after every step, with the numbers so far; `failed` are among `done`. */
  readonly update: (done: number, failed: number) => void
  /** Writes the last line. */
  readonly finish: () => void
}

/**
 * Tells the log how far a run is: a line at the start, one at the end, and in between one for every tenth, or
 * every 30 s where a tenth takes longer, but never within 5 s of another: short runs have just the two.
 */
export function createProgress({ label, total, log, now }: ProgressOptions): Progress {
  const start = now()
  let lastAt = start
  let lastTenth = 0
  let [done, failed] = [0, 0]
  const soFar = (): string =>
    `${label}: ${countText(done)} of ${countText(total)} (${percentText(done, total)}), ${countText(failed)} failed`
  const perSecond = (): number => (done * 1000) / Math.max(1, now() - start)

  log.info(`${label}: ${identitiesText(total)}.`)
  return {
    update: (nowDone, nowFailed) => {
      done = nowDone
      failed = nowFailed
      const tenth = Math.floor((done * 10) / total)
      const silence = now() - lastAt
      if (done >= total || silence < SHORTEST_SILENCE_MS) return
      if (tenth <= lastTenth && silence < LONGEST_SILENCE_MS) return
      lastAt = now()
      lastTenth = tenth
      const rate = perSecond()
      const left = rate === 0 ? '' : `, about ${durationText(((total - done) * 1000) / rate)} left`
      log.info(`${soFar()}, ${rateText(rate)}${left}.`)
    },
    finish: () => log.info(`${soFar()}, in ${durationText(now() - start)}, ${rateText(perSecond())}.`),
  }
}

function rateText(perSecond: number): string {
  return `${countText(perSecond < 10 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond))} per second`
}
