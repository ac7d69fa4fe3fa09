/** ISC's limit, and an answer's time. */
export const LIMIT = { requests: 100, windowMs: 10_000 }
export const LATENCY_MS = 200

/** The least time for so many requests at that limit, so many of them at once. */
export function leastTimeMs(requests: number, concurrency = 8): number {
  const windows = Math.floor((requests - 1) / LIMIT.requests)
  const inLast = requests - windows * LIMIT.requests
  return windows * LIMIT.windowMs + Math.ceil(inLast / concurrency) * LATENCY_MS
}
