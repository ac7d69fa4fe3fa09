import { createReadStream } from 'node:fs'

/** The bytes of a list, from a file or an older version of one. */
export type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** The bytes of a file, which is opened when they are asked for. */
export async function* bytesOf(path: string): AsyncGenerator<Uint8Array, void> {
  for await (const bytes of createReadStream(path, { highWaterMark: 64 * 1024 })) yield bytes as Uint8Array
}

/** Text as it comes, a piece at a time, every line end a line feed. */
export type Pieces = AsyncIterable<string> | Iterable<string>

type Decoder = InstanceType<typeof TextDecoder>

/** Why nothing more can be read of a list: a sentence or two that say what to do. */
export class FileFault extends Error {
  readonly line: number | null
  /** One that often spoils many files, and is told once. */
  readonly sharedCause: string | undefined

  constructor(message: string, line: number | null = null, sharedCause?: string) {
    super(message)
    this.line = line
    this.sharedCause = sharedCause
  }
}

/** What programs other than editors write, by the first bytes. */
const MAGIC = [
  ['504b0304', 'This is a spreadsheet workbook, not text. Save the sheet as "CSV UTF-8", and use that file.'],
  ['d0cf11e0', 'This is an old Excel workbook, not text. Save the sheet as "CSV UTF-8", and use that file.'],
  ['1f8b', 'This is a compressed file. Unpack it, and use the list in it.'],
  ['25504446', 'This is a PDF file. Save the list as text or CSV, and use that file.'],
] as const

const SAVE_AS = 'In Excel, save it as "CSV UTF-8". In PowerShell, add `-Encoding utf8`.'

/**
 * The text of a list without its byte order mark: UTF-8, or UTF-16 with a byte order mark.
 * @throws FileFault when it is neither, and the reason of `stop` when that is aborted
 */
export async function* decoded(bytes: Bytes, stop?: AbortSignal): AsyncGenerator<string, void> {
  let decoder: Decoder | undefined
  let held = ''
  let line = 1
  for await (const { piece, isLast } of piecesOf(bytes)) {
    stop?.throwIfAborted()
    decoder ??= decoderFor(piece)
    const text = held + decodedPiece(decoder, piece, isLast, line)
    const nul = text.indexOf('\0')
    if (nul !== -1)
      throw new FileFault(
        `The file contains NUL characters, so it is probably UTF-16 without a byte order mark. ${SAVE_AS}`,
        line + countLines(text.slice(0, nul)),
      )
    // Whether a line feed follows is not known yet.
    held = text.endsWith('\r') && !isLast ? '\r' : ''
    const whole = withLineFeeds(held === '' ? text : text.slice(0, -1))
    line += countLines(whole)
    yield whole
  }
}

const MIB = 1024 * 1024

/** All pieces as one text. @throws `fault()` where it has more than so many Mi characters */
export async function joined(
  pieces: AsyncIterable<string>,
  largestMiB: number,
  fault: () => Error,
): Promise<string> {
  const parts: string[] = []
  let size = 0
  for await (const piece of pieces) {
    size += piece.length
    if (size > largestMiB * MIB) throw fault()
    parts.push(piece)
  }
  return parts.join('')
}

/** The bytes, of which the first piece is long enough to see what they are, and the last is empty. */
async function* piecesOf(bytes: Bytes): AsyncGenerator<{ piece: Uint8Array; isLast: boolean }, void> {
  let start: Uint8Array | null = Buffer.alloc(0)
  for await (const piece of bytes) {
    if (start === null) yield { piece, isLast: false }
    else if (start.length + piece.length < 4) start = Buffer.concat([start, piece])
    else {
      yield { piece: Buffer.concat([start, piece]), isLast: false }
      start = null
    }
  }
  yield { piece: start ?? Buffer.alloc(0), isLast: true }
}

/** The text with every line end (CRLF or CR) as a line feed. */
export function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}

function decoderFor(start: Uint8Array): Decoder {
  const head = Buffer.from(start.subarray(0, 4)).toString('hex')
  const binary = MAGIC.find(([magic]) => head.startsWith(magic))
  if (binary !== undefined) throw new FileFault(binary[1])
  const encoding = head.startsWith('fffe') ? 'utf-16le' : head.startsWith('feff') ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding, { fatal: true })
}

function decodedPiece(decoder: Decoder, piece: Uint8Array, isLast: boolean, line: number): string {
  try {
    return decoder.decode(piece, { stream: !isLast })
  } catch {
    if (decoder.encoding !== 'utf-8') throw new FileFault(`The file is not complete UTF-16. ${SAVE_AS}`, line)
    // The rest of a character that began in the piece before is no fault.
    const from = piece.subarray(0, 3).findIndex((byte) => (byte & 0xc0) !== 0x80)
    const [before = ''] = new TextDecoder().decode(piece.subarray(Math.max(from, 0))).split('\ufffd', 1)
    const at = line + countLines(withLineFeeds(before))
    throw new FileFault(`The file is not UTF-8. ${SAVE_AS}`, at)
  }
}

function countLines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1
  return count
}
