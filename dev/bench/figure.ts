/** One figure: what was measured, over what, and how far it may go. */
export interface Figure {
  readonly name: string
  readonly value: number
  /** For people: the two things measured. */
  readonly of: string
  readonly limit?: { readonly atMost?: number; readonly atLeast?: number }
}
