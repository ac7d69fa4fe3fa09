/**
 * Runs `send` on everything that `take` returns, at most `limit` at once, until `take` returns nothing and all calls of
 * `send` have ended. The limit keeps work from being taken too early, so that work that comes up meanwhile can go first.
 * (`Pace` decides how many requests are in flight.) After an error, nothing further is taken.
 * @throws the first error of `send`
 */
export async function drain<T>(
  take: () => T | undefined,
  send: (item: T) => Promise<void>,
  limit: number,
): Promise<void> {
  const underWay = new Set<Promise<void>>()
  const failures: unknown[] = []
  for (;;) {
    while (failures.length === 0 && underWay.size < limit) {
      const item = take()
      if (item === undefined) break
      const sent = send(item)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => underWay.delete(sent))
      underWay.add(sent)
    }
    if (underWay.size === 0) break
    await Promise.race(underWay)
  }
  if (failures.length > 0) throw failures[0]
}
