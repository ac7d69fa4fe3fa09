import * as core from '@actions/core'

import { forAnnotation, forLog } from '../words/harmless.ts'
import { countText, durationText, percentText } from '../words/phrases.ts'

/** Where every line goes that people read while the run goes on. Any text may be given: it is made harmless. */
export interface Log {
  readonly info: (line: string) => void
  /** Written only when the workflow was started with debug logging. */
  readonly debug: (line: string) => void
  /** Also an annotation of the run. */
  readonly warning: (message: string) => void
  /** Begins a folded group, and ends the one before: the runner does not nest them. */
  readonly group: (name: string) => void
  readonly endGroup: () => void
}

export function createLog(isDebug: boolean): Log {
  let isOpen = false
  const endGroup = (): void => {
    if (isOpen) core.endGroup()
    isOpen = false
  }
  return {
    info: (line) => core.info(forLog(line)),
    debug: (line) => {
      if (isDebug) core.debug(forLog(line))
    },
    warning: (message) => core.warning(forAnnotation(message)),
    group: (name) => {
      endGroup()
      core.startGroup(forLog(name))
      isOpen = true
    },
    endGroup,
  }
}

/** No two lines of a progress are nearer than this. */
const SHORTEST_SILENCE_MS = 5_000
/** A line comes after this time even when no further tenth is done. */
const LONGEST_SILENCE_MS = 30_000

/**
 * Tells the log how far a run is: a line for every tenth, or every 30 s where a tenth takes longer, but never within
 * 5 s of another. Short runs have none. `what` becomes of an identity: "submitted", "confirmed"; `now`: milliseconds.
 */
export function createProgress(log: Pick<Log, 'info'>, what: string, total: number, now: () => number) {
  const start = now()
  let lastAt = start
  let lastTenth = 0
  return {
    /** To be called after every step, with how many are done so far, and how many of them failed. */
    update: (done: number, failed = 0): void => {
      const tenth = Math.floor((done * 10) / total)
      const silence = now() - lastAt
      if (done >= total || silence < SHORTEST_SILENCE_MS) return
      if (tenth <= lastTenth && silence < LONGEST_SILENCE_MS) return
      lastAt = now()
      lastTenth = tenth
      const rate = (done * 1000) / Math.max(1, now() - start)
      const perSecond = countText(rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate))
      const bad = failed === 0 ? '' : `, ${countText(failed)} failed`
      const left = rate === 0 ? '' : `, about ${durationText(((total - done) * 1000) / rate)} left`
      log.info(
        `${countText(done)} of ${countText(total)} ${what} (${percentText(done, total)})${bad}, ${perSecond} per second${left}.`,
      )
    },
    /** Milliseconds since the start. */
    elapsed: (): number => now() - start,
  }
}
