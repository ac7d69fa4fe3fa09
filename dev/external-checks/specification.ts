import { OpenAPIBackend, type Document, type Operation, type Request } from 'openapi-backend'

import type { Exchange } from '../tenant/traffic.ts'

/** What a published OpenAPI document says of the exchanges between the action and a tenant. */
export class Specification {
  /** How often each kind of exchange was looked at. */
  readonly seen = new Map<string, number>()
  /** What is not as the document says, with how often and the first URL. */
  readonly findings = new Map<string, { readonly count: number; readonly url: string }>()
  readonly #document: OpenAPIBackend

  /** @param definition an OpenAPI 3.0 document, its references resolved */
  constructor(definition: unknown) {
    this.#document = new OpenAPIBackend({
      definition: strict(definition) as Document,
      quick: true,
      ajvOpts: {
        formats: {
          int32: (value) => Number.isInteger(value),
          'date-time': (text) => !Number.isNaN(Date.parse(text)),
          'comma-separated': true,
        },
      },
    })
  }

  async prepare(): Promise<void> {
    await this.#document.init()
  }

  /** Checks the request, and the answer unless the tenant was told to spoil it. */
  check(exchange: Exchange): void {
    const request = requestOf(exchange)
    const operation = this.#document.router.matchOperation(request)
    const name =
      operation?.operationId ?? `${request.method} ${request.path}, which the document does not have`
    const isSpoilt = exchange.fault !== null && exchange.fault !== 'status'
    const what = `${name}: ${exchange.status}${isSpoilt ? ', the answer spoilt on purpose' : ''}`
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1)
    if (operation === undefined) return
    this.#note(
      `request of ${name}`,
      this.#document.validator.validateRequest(request, operation).errors,
      exchange,
    )
    if (!isSpoilt)
      this.#note(`answer ${exchange.status} of ${name}`, this.#answerErrors(exchange, operation), exchange)
  }

  #answerErrors(
    { status, answer, fault }: Exchange,
    operation: Operation,
  ): readonly Flaw[] | null | undefined {
    if (!(status in (operation.responses ?? {}))) {
      // A simulated rejection, or one of a gateway, which no service documents.
      const isForeign = fault === 'status' || status >= 500
      return isForeign ? [] : [{ instancePath: '', message: 'this status is not in the document' }]
    }
    return this.#document.validator.validateResponse(parsed(answer), operation, status).errors
  }

  #note(what: string, flaws: readonly Flaw[] | null | undefined, { url }: Exchange): void {
    for (const { instancePath, message = '' } of flaws ?? []) {
      const finding = `${what}: ${instancePath.replaceAll(/\/\d+(?=\/|$)/g, '/…')} ${message}`
      const { count = 0, url: first = url } = this.findings.get(finding) ?? {}
      this.findings.set(finding, { count: count + 1, url: first })
    }
  }
}

/** One thing that a validator finds. */
interface Flaw {
  readonly instancePath: string
  readonly message?: string
}

/**
 * The document with objects that hold what it lists and nothing more, so that invented properties are found too.
 * `allOf: [X, {nullable: true}]` is read as SailPoint means it, not as OpenAPI 3.0.3 does, where it says nothing.
 */
function strict(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(strict)
  if (!isMapping(part)) return part
  const parts = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, strict(value)]))
  const all: unknown = parts['allOf']
  const [first, second] = Array.isArray(all) && all.length === 2 ? (all as unknown[]) : []
  if (isMapping(first) && isMapping(second) && second['nullable'] === true)
    return { ...first, nullable: true }
  return part['type'] === 'object' && 'properties' in part ? { additionalProperties: false, ...parts } : parts
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A request of any version of the API, as one of the document's. */
function requestOf({ method, url, contentType, body }: Exchange): Request {
  const [path = '', query = ''] = url.split('?')
  return {
    method,
    path: path.replace(/^\/(beta|v\d{4})(?=\/)/, '').replace(/^\/([\w-]+)\/v\d+(?=\/|$)/, '/$1'),
    query,
    headers: contentType === null ? {} : { 'content-type': contentType },
    body: body === '' ? undefined : parsed(body),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
