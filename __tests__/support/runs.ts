/** How often a property is tried: in `npm test`, and in `npm run test:long`, which CI runs every night. */
export function runs(quick: number, long: number): number {
  if (IS_LONG) return long
  return IS_MUTATION ? Math.min(quick, 20) : quick
}

/** `npm run mutation` sets it: there, all tests run some thousand times. */
const IS_MUTATION = 'MUTATION' in globalThis

/** `npm run test:long` sets it. */
export const IS_LONG = 'LONG' in globalThis

/**
 * Which program the stories start. Most of what `src/` does happens in them, so in `npm test` they run the sources, for
 * the coverage, while the end-to-end tests run the bundle. The long part runs the bundle, and counts no coverage.
 */
export const STORY = IS_LONG ? {} : { entry: 'dev/run-sources.js' }
