import { withProblemsOf, type Problems, type TellProblem } from '../problems.ts'
import type { ListSettings } from '../settings.ts'
import type { Limit } from './collection.ts'
import type { ColumnOptions } from './formats/column.ts'
import { bytesOf } from './formats/decode.ts'
import type { ListSink } from './formats/list-sink.ts'
import { readEntries } from './formats/read-entries.ts'

/** What the list, the deny lists and the lists of `still-listed` are read with. */
export interface ListReading {
  readonly settings: ListSettings
  readonly limit: Limit
  readonly problems: Problems
  /** Takes sentences on what is no error, but worth to know. */
  readonly warnings: string[]
  readonly stop: AbortSignal | undefined
}

/** A file of the workspace. */
export interface ListFile {
  /** Absolute, without symbolic links. */
  readonly path: string
  /** Relative to the workspace, with `/` on every system. */
  readonly name: string
}

/**
 * Reads a list file. What is wrong with it is a problem at its line; the sink can tell more. Returns whether there was
 * nothing in it but white space. @throws what the sink throws, and the reason of `stop` when it is aborted
 */
export async function readListFile(
  { name, path }: ListFile,
  options: ColumnOptions,
  { problems, stop }: ListReading,
  sinkFor: (tell: TellProblem) => ListSink,
): Promise<{ readonly isBlank: boolean }> {
  return await withProblemsOf(name, name, problems, (tell) =>
    readEntries({ name, bytes: bytesOf(path) }, options, sinkFor(tell), stop),
  )
}
