/** How often a property is tried: in `npm test`, and in `npm run test:long`, which CI runs every night. */
export function runs(quick: number, long: number): number {
  if (IS_LONG) return long
  return IS_MUTATION ? Math.min(quick, 20) : quick
}

/** `npm run mutation` sets it: there, all tests run some thousand times. */
const IS_MUTATION = 'MUTATION' in globalThis

/** `npm run test:long` sets it. */
export const IS_LONG = 'LONG' in globalThis

/** So many runs of each file are of the sources. Coverage hardly grows with more of them. */
const SOURCE_RUNS = 12
let started = 0

/**
 * Which program the next run of a story starts. The first ones run the sources, because `npm test` counts their coverage.
 * All others run the bundle, which starts in half the time, and which a test compares with the sources. So does the long
 * part, which counts no coverage.
 */
export function program(): { readonly entry?: string } {
  started += 1
  return IS_LONG || started > SOURCE_RUNS ? {} : { entry: 'dev/run-sources.js' }
}
