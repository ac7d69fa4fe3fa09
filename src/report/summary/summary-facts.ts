/** What the last line of the file `summary-file` says of the run to the action `comment`. */
export interface SummaryFacts {
  /** Whether the list files changed, as far as `added-since` tells; true where it does not. */
  readonly changed: boolean
  /** Whether the result is another one than `success`. */
  readonly failed: boolean
  /** How many identities the run enabled; 0 in a plan. */
  readonly enabled: number
}

const LINE =
  /^<!-- isc-enable-identities: (\{"changed":(?:true|false),"failed":(?:true|false),"enabled":\d+\}) -->$/

/** The line that holds the facts: a comment in Markdown, which is not shown. */
export function summaryFactsLine({ changed, failed, enabled }: SummaryFacts): string {
  return `<!-- isc-enable-identities: ${JSON.stringify({ changed, failed, enabled })} -->`
}

/** The facts of a summary; null where the text is no summary of this action. */
export function factsOfSummary(summary: string): SummaryFacts | null {
  const [, facts] = LINE.exec(summary.trimEnd().split('\n').at(-1) ?? '') ?? []
  return facts === undefined ? null : (JSON.parse(facts) as SummaryFacts)
}
