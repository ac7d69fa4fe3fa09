import type { Shard } from '../settings.ts'

/**
 * The i-th of n disjoint parts of a list: contiguous, of sizes that differ by at most one, together the
 * whole. Depends on nothing but list and numbers, so it is the same on every machine.
 */
export function takeShard<T>(list: readonly T[], { index, count }: Shard): readonly T[] {
  const boundary = (part: number): number => Math.floor((list.length * part) / count)
  return list.slice(boundary(index - 1), boundary(index))
}
