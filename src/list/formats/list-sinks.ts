/** Takes an entry as it stands in the list, with its line (1-based). */
export type OnEntry = (text: string, line: number | null) => void

/** Takes what is wrong with the list, at a line or as a whole. */
export type OnProblem = (reason: string, line: number | null) => void
