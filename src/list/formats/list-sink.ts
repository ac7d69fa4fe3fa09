/** Takes an entry as it stands in the list, with its line (1-based). */
export type OnEntry = (text: string, line: number | null) => void

/** Takes what is read of a list. */
export interface ListSink {
  readonly onEntry: OnEntry
  /** Takes what is wrong with the list, at a line or as a whole. */
  readonly onProblem: (reason: string, line: number | null) => void
}
