import type { Failure } from './failure.ts'

/** Why a run ended before everything was done: the output `stop-reason`. Its sentence is made in `report/`. */
export type Stop =
  | { readonly reason: 'invalid-input' | 'cancelled' | 'fail-fast' }
  | { readonly reason: 'authentication' | 'unreachable'; readonly failure: Failure }
  /** No answer for `outage-timeout`. */
  | { readonly reason: 'outage'; readonly timeoutMs: number }
  /** `isEverything`: identities sampled from the whole list were rejected alone, all with this failure. */
  | { readonly reason: 'rejected'; readonly failure: Failure; readonly isEverything: boolean }
  /** None of so many identities exists in the tenant. */
  | { readonly reason: 'wrong-tenant'; readonly count: number }
  | { readonly reason: 'max-to-enable'; readonly toEnable: number; readonly max: number }
  /** So many states of a plan are unknown; `failure`: why they could not be read, null without a credential. */
  | { readonly reason: 'states-unknown'; readonly count: number; readonly failure: Failure | null }
  | { readonly reason: 'internal-error'; readonly message: string }

export type StopReason = Stop['reason']
