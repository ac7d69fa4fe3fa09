import { isIdentityId, type Identity, type Location } from '../identity.ts'
import { comparable, isIscId, visible, type Exclusion, type ExclusionMatch } from '../policy/exclusion.ts'
import { quoted, type TellProblem } from '../problems.ts'
import type { IdentifyBy } from '../settings.ts'
import { copied, TooLong } from './collection.ts'
import { mayBeDate } from './dates.ts'
import type { ListSink } from './formats/list-sink.ts'
import { extensionOf } from './formats/read-entries.ts'
import { isAddress, LONGEST_IDENTIFIER, spoilt, type IdentifierFault } from './identifier.ts'
import { findFiles } from './list-files.ts'
import { readListFile, type ListFile, type ListReading } from './list-reading.ts'
import { originalsOf } from './originals.ts'

/** The most entries of all deny lists together. */
const MOST_DENIED = 1_000_000

const BLANK =
  'The deny list is empty, so its export might have failed. Export it again. To exclude no identity, write only a header row, [], or a comment.'
const TOO_MANY = `The deny lists (\`exclude-ids-file\`) have more than ${MOST_DENIED / 1e6} million entries, the most for one run. Remove entries that are no longer needed.`
const COMMAS: IdentifierFault = {
  cause: 'commas',
  message:
    'Commas separate entries here, but some aliases on the list contain a comma. Use a .csv file, with quotes around each alias that has a comma.',
}

const HASH =
  'In a .txt file, # begins a comment, but an alias on the list begins with #, or has it behind a space. Use a .json file.'

/** What belongs to another format, and not to an identifier. */
const STRAY = /^"|"$|[;<>\\]|^mailto:/i

/** What is known of the list that the deny lists apply to. */
export interface ListShape {
  readonly identifyBy: IdentifyBy
  readonly identities: readonly Identity[]
  /** Whether the list asks for an identity by this text. */
  readonly has: (text: string) => boolean
}

/** Identities that are never enabled, by any of their identifiers. */
export class DenyList implements Exclusion {
  /** How many entries the deny lists have. */
  entries = 0
  readonly #sources = new Map<string, Location>()

  /** Takes an entry with all its identifiers. */
  add(texts: readonly string[], file: string, line: number | null): void {
    this.entries += 1
    const source = { file, line }
    for (const text of texts) if (!this.#sources.has(text)) this.#sources.set(text, source)
  }

  match(texts: readonly string[]): ExclusionMatch | null {
    for (const text of texts) {
      const bySource = this.#sources.get(comparable(text))
      if (bySource !== undefined) return { by: 'deny-list', bySource }
    }
    return null
  }
}

/**
 * Reads the deny lists. An entry that could match no identity is a problem. A missing deny list is one too, and so is
 * one without any content. @throws the reason of `stop` when it is aborted
 */
export async function readDenyList(
  lines: readonly string[],
  shape: ListShape,
  reading: ListReading,
): Promise<{ readonly denyList: DenyList; readonly files: readonly ListFile[] }> {
  const { settings, limit, problems } = reading
  const denyList = new DenyList()
  const otherLines = [...(settings.files ?? []), ...(settings.stillListed ?? [])]
  const files = await findFiles(lines, { input: 'exclude-ids-file', otherLines, isGuard: true }, reading)
  const faultOf = faultFinder(shape)
  const options = { column: settings.idColumn, identifyBy: shape.identifyBy, allColumns: 'usual' } as const
  const hasCommas = shape.identities.some(({ identifier }) => identifier.includes(','))
  const hasHash = shape.identities.some(({ identifier }) => /(^|\s)#/.test(identifier))
  const sinkFor = (name: string, onProblem: TellProblem): ListSink => {
    let lastLine: number | null = null
    return {
      onProblem,
      onEntry: ({ text, others, unread, line }) => {
        const given = [text, ...others]
        const isSameLine = line === lastLine && extensionOf(name) === '.txt'
        lastLine = line
        const fault = isSameLine && hasCommas ? COMMAS : faultOf(given, unread)
        if (fault !== null) return onProblem(fault.message, line, fault.cause)
        if (denyList.entries >= MOST_DENIED) throw new TooLong(TOO_MANY)
        const kept = given.map((one) => limit.keep(copied(comparable(one))))
        denyList.add(kept, name, line)
      },
    }
  }
  try {
    for (const file of files) {
      const { isBlank } = await readListFile(file, options, reading, (tell) => sinkFor(file.name, tell))
      if (isBlank) problems.addEntry(`${file.name}: ${BLANK}`, file.name, null)
      if (hasHash && extensionOf(file.name) === '.txt')
        problems.addEntry(`${file.name}: ${HASH}`, file.name, null)
    }
  } catch (error) {
    if (!(error instanceof TooLong)) throw error
    problems.add(error.message)
  }
  return { denyList, files }
}

/** Finds out why an entry, given by all its identifiers, could match no identity of the list, or is none. */
function faultFinder({
  identifyBy,
  identities,
  has,
}: ListShape): (given: readonly string[], unread: readonly string[]) => IdentifierFault | null {
  const isIscList =
    identifyBy === 'id' && identities.length > 0 && identities.every(({ id }) => isIscId(id ?? ''))
  const couldMatch = (text: string): boolean => {
    if (identifyBy === 'id') return isIscList ? isIscId(text) : isIdentityId(text)
    return identifyBy === 'alias' || isAddress(text) || isIscId(text)
  }
  return (given, unread) => {
    const texts = given.map(visible)
    // An ISC ID excludes the identity, so the rest of its row may be anything.
    const hasIscId = texts.some(isIscId)
    for (const one of given) {
      const fault = unusable(one) ?? (hasIscId ? null : (spoilt(visible(one)) ?? malformed(one, has)))
      if (fault !== null) return fault
    }
    const date = hasIscId ? undefined : texts.find((text) => !has(text) && mayBeDate(text))
    if (date !== undefined)
      return {
        cause: 'date',
        message: `${quoted(date)} would exclude no identity. It looks like a date, which a spreadsheet made of an identifier. Enter it again, as text.`,
      }
    // An ISC ID or an address may still match what ISC says of an identity. ISC writes IDs without dashes.
    const mayMatch = (text: string): boolean =>
      has(text) || isAddress(text) || (isIscId(text) && !text.includes('-'))
    const matchesNothing = !texts.some(mayMatch)
    if (matchesNothing && !texts.some((text) => /[\p{L}\p{N}]/u.test(text)))
      return {
        cause: 'placeholder',
        message: `${texts.map(quoted).join(', ')} would exclude no identity. Enter the identifier, or remove the entry.`,
      }
    const other = matchesNothing ? unread.find(has) : undefined
    if (other !== undefined)
      return {
        cause: 'unread',
        message: `${texts.map(quoted).join(', ')} would exclude no identity, but the entry also has ${quoted(other)}, which is on the list, in a column that the action does not read. Rename that column to \`${identifyBy}\`.`,
      }
    if (texts.some(couldMatch)) return null
    const shown = texts.map(quoted).join(', ')
    if (identifyBy === 'email')
      return {
        message: `${shown} cannot match any identity, because the list holds email addresses. Use the address or the ISC ID.`,
      }
    return {
      message: `${shown} cannot match any identity, because the list holds IDs${isIscList ? ' of 32 hexadecimal digits' : ''}. Use the ISC ID.`,
    }
  }
}

/** Whether an email address has nothing around it, such as brackets, `SMTP:`, or a note. */
function isAlone(address: string): boolean {
  return /^(?!\p{L}+:|[([{"“„«‹])[^@]+@(\[[^\]]+\]|[\p{L}\p{N}]([\p{L}\p{N}\p{M}._-]*[\p{L}\p{N}\p{M}])?)$/u.test(
    address,
  )
}

/** Why a text can be no identifier at all. */
function unusable(given: string): IdentifierFault | null {
  const text = visible(given)
  return text === '' || text.length > 2 * LONGEST_IDENTIFIER || /[\p{Cc}\p{Cs}]/u.test(text)
    ? { message: `${quoted(text)} would exclude no identity. It is not an identifier. Correct it.` }
    : null
}

/** Why a text excludes no identity, though a person may think so; null where it may. */
function malformed(given: string, has: (text: string) => boolean): IdentifierFault | null {
  const text = visible(given)
  const problem = (reason: string, cause?: string): IdentifierFault => ({
    message: `${quoted(text)} would exclude no identity. ${reason}`,
    ...(cause === undefined ? {} : { cause }),
  })
  if (has(text)) return null
  const meant = originalsOf(given).find(has)
  if (meant !== undefined)
    return problem(
      `It might be ${quoted(meant)} of the list, changed by a program. Enter it as on the list, or enter the ISC ID.`,
    )
  if (/[*?\ufffd]/.test(text))
    return problem(
      'Wildcards do not work in a deny list. A question mark can also be a letter that was lost when the file was saved. List each identity by its identifier.',
      'wildcard',
    )
  if (text.includes('@') && !(isAddress(text) && isAlone(text)))
    return problem(
      'Use the email address alone, one per line or row, without a name, a note, brackets, quotes, or a prefix such as mailto: or SMTP:.',
      'address-book',
    )
  // What is before a note, and all that may be an identifier of its own.
  const parts = [
    text.replace(/^\d+ +| +\d+$/g, ''),
    ...text.split(/[^\p{L}\p{N}._@+'’-]+/u),
    ...text.split(/ *[^\p{L}\p{N}._@+'’ -]+ *| +- +/u),
  ]
  if (/:(\s|$)/.test(text))
    return problem(
      'It looks like the message of a program, or a note. Use one identifier per line.',
      'message',
    )
  if (STRAY.test(text))
    return problem('It looks like part of another format. Use the identifier alone, or the ISC ID.')
  return parts.some((part) => has(part) || (!isAddress(text) && (isIscId(part) || part.includes('@'))))
    ? problem(
        'It seems to hold several identifiers, or a note. Use one identifier per line or row. Remove the note, or put # before it in a .txt file. Or use the ISC ID.',
      )
    : null
}
