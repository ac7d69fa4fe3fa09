import type { IncomingHttpHeaders } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'

import { codeOf } from './network-error.ts'

/** An answer is read up to this size, before and after it is decompressed; 250 identities with all attributes are well below it. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024

export const TOO_LARGE = `its body is larger than ${MAX_BODY_BYTES / 1024 / 1024} MiB`

/** An answer arrived, and its body cannot be read. */
export class UnreadableAnswer extends Error {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Never in the server's own words. */
  readonly fault: string

  constructor(status: number, headers: IncomingHttpHeaders, fault: string, cause?: unknown) {
    super(`The answer (status ${status}) cannot be read: ${fault}.`, { cause })
    this.name = 'UnreadableAnswer'
    this.status = status
    this.headers = headers
    this.fault = fault
  }
}

const DECODERS = { gzip: promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) }
const rawDeflate = promisify(inflateRaw)

/** Leaves a byte order mark out. One for all: each is native memory, until it is collected. */
const UTF8 = new TextDecoder()

/** The text of a body, decompressed, without a byte order mark. @throws UnreadableAnswer */
export async function decodeBody(
  bytes: Buffer,
  status: number,
  headers: IncomingHttpHeaders,
): Promise<string> {
  const coding = headers['content-encoding']?.trim().toLowerCase().replace(/^x-/, '') ?? ''
  if (coding === '' || coding === 'identity' || bytes.length === 0) return UTF8.decode(bytes)
  if (!isKnown(coding)) {
    throw new UnreadableAnswer(status, headers, 'its body has an unknown content encoding')
  }
  // RFC 9110, 8.4.1.2: deflate has zlib's frame, but some servers send it without.
  const isRaw = coding === 'deflate' && ((bytes[0] ?? 0) & 0x0f) !== 8
  try {
    return UTF8.decode(
      await (isRaw ? rawDeflate : DECODERS[coding])(bytes, { maxOutputLength: MAX_BODY_BYTES }),
    )
  } catch (error) {
    const fault = codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? TOO_LARGE : `its body is not valid ${coding}`
    throw new UnreadableAnswer(status, headers, fault, error)
  }
}

function isKnown(coding: string): coding is keyof typeof DECODERS {
  return Object.hasOwn(DECODERS, coding)
}
