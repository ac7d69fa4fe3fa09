import type { Fault } from './faults.ts'
import { seeded } from './random.ts'

/** A list as a fault leaves it. */
export function distortList<T>(
  list: readonly T[],
  fault: Fault | null,
  make: { readonly opposite: (element: T) => T; readonly stranger: (id: string) => T },
): readonly T[] {
  const some = (_: T, index: number): boolean => index % 3 === 0
  switch (fault?.kind) {
    case 'leave-out':
      return list.filter((element, index) => !some(element, index))
    case 'repeat':
      return [...list, ...list.filter(some)]
    case 'conflict':
      return [...list, ...list.filter(some).map(make.opposite)]
    case 'foreign':
      return [make.stranger('f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0'), ...list]
    case 'shuffle': {
      const random = seeded(list.length)
      return list
        .map((element) => ({ element, key: random() }))
        .sort((a, b) => a.key - b.key)
        .map(({ element }) => element)
    }
    default:
      return list
  }
}
