import type { TellProblem } from '../../problems.ts'

/** An entry as the list has it; nothing in it is checked. */
export interface ListedEntry {
  readonly text: string
  /** With `allColumns`: the other cells of the row that are read, empty ones aside. */
  readonly others: readonly string[]
  /** With `usual` columns: the cells that may hold an identifier, and are not read. */
  readonly unread: readonly string[]
  /** 1-based; null for an inline list. */
  readonly line: number | null
  /** The row's own columns `name` and `reason`. */
  readonly listedName: string | null
  readonly reason: string | null
}

/** Takes what is read of a list. */
export interface ListSink {
  readonly onEntry: (entry: ListedEntry) => void
  readonly onProblem: TellProblem
}
