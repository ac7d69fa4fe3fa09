/** ISC's limit, and an answer's time. */
export const LIMIT = { requests: 100, windowMs: 10_000 }
export const LATENCY_MS = 200

/** The least time for so many requests at that limit. */
export function floorMs(requests: number): number {
  return Math.floor((requests - 1) / LIMIT.requests) * LIMIT.windowMs + LATENCY_MS
}
