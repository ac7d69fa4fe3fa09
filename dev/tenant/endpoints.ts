import type { IncomingMessage } from 'node:http'

import { envelope, refusal, type Answer } from './answer.ts'
import { bulkAnswer } from './bulk-enable.ts'
import type { Fault } from './faults.ts'
import { pageAnswer } from './identity-page.ts'
import { OAuth } from './oauth.ts'
import { Population, type Identity, type PopulationOptions } from './population.ts'
import type { RateLimitOptions } from './rate-limit.ts'
import type { Reading } from './strictness.ts'
import { DEMO_CLIENT, ENABLE_SCOPE, READ_SCOPE, type Client } from './tokens.ts'

export interface EndpointOptions {
  /** Who exists; `any`: every ID, without memory of its state (for volume). Default: 100 disabled ones. */
  readonly identities?: PopulationOptions | 'any'
  /** Extra identities with attributes of one's own. */
  readonly extra?: readonly Partial<Identity>[]
  readonly clients?: readonly Client[]
  readonly tokenLifetimeSeconds?: number
  /** Per client and API version, in a sliding window; null (the default): no limit. */
  readonly rateLimit?: RateLimitOptions | null
  /** From an accepted task to its effect. */
  readonly enableDelayMs?: number
  /** A larger batch is rejected with 400. Default: 250. */
  readonly maxBatch?: number
  /** The most rows per page of identities, also where a request asks for more. Default: as many as it asks for. */
  readonly pageCap?: number
  /** The case of IDs in answers; by default tasks are answered as they were asked, identities as they are. */
  readonly answerIdsIn?: 'lower' | 'upper'
}

/** The three endpoints of a tenant, and what they answer. */
export class Endpoints {
  readonly oauth: OAuth
  readonly population: Population
  readonly #options: EndpointOptions
  readonly #onEnabled: (id: string) => void
  #pages = 0

  constructor(options: EndpointOptions, seed: number, random: () => number, onEnabled: (id: string) => void) {
    this.#options = options
    this.#onEnabled = onEnabled
    this.oauth = new OAuth({
      clients: options.clients ?? [DEMO_CLIENT],
      lifetimeSeconds: options.tokenLifetimeSeconds ?? 749,
      rateLimit: options.rateLimit ?? null,
      random,
    })
    this.population = new Population(options.identities ?? { disabled: 100 }, seed)
    for (const identity of options.extra ?? []) this.population.add(identity, random)
  }

  answer(
    { endpoint, version, query, ids, objections, isRefused }: Reading,
    { headers, url = '' }: IncomingMessage,
    body: string,
    fault: Fault | null,
    trackingId: string,
  ): Answer {
    const { maxBatch = 250, enableDelayMs = 0, pageCap = Infinity } = this.#options
    const shown = (id: string): string => this.#shown(id)
    if (endpoint === null) return envelope(404, `No such path: ${url.slice(0, 80)}`, trackingId)
    if (isRefused) return envelope(400, objections.join(' '), trackingId)
    if (fault?.kind === 'status') return refusal(fault, trackingId)
    if (endpoint === 'token') return this.oauth.answer(body, fault)
    const scope = endpoint === 'enable' ? ENABLE_SCOPE : READ_SCOPE
    const refused = this.oauth.refuse(headers.authorization ?? '', scope, version, trackingId)
    if (refused !== null) return refused
    if (endpoint === 'enable') {
      const options = { maxBatch, enableDelayMs, shown, onEnabled: this.#onEnabled }
      return bulkAnswer(this.population, ids, fault, trackingId, options)
    }
    this.#pages += 1
    return pageAnswer(this.population, query, fault, trackingId, { pageCap, shown, pages: this.#pages })
  }

  #shown(id: string): string {
    const { answerIdsIn } = this.#options
    if (answerIdsIn === undefined) return id
    return answerIdsIn === 'lower' ? id.toLowerCase() : id.toUpperCase()
  }
}
