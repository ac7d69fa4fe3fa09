/** An entry as the list has it; nothing in it is checked. */
export interface ListedEntry {
  readonly text: string
  /** With `allColumns`: the other cells of the row that are read, empty ones aside. */
  readonly others: readonly string[]
  /** 1-based; null for an inline list. */
  readonly line: number | null
  /** The row's own columns `name` and `reason`. */
  readonly listedName: string | null
  readonly reason: string | null
}

/** Takes what is read of a list. */
export interface ListSink {
  readonly onEntry: (entry: ListedEntry) => void
  /**
   * Takes what is wrong with the list, at a line or as a whole: sentences. A `cause` is one that often spoils many
   * entries, and is told once.
   */
  readonly onProblem: (reason: string, line: number | null, cause?: string) => void
}
