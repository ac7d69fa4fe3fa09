import { idOf, stateOf, type Identity } from '../../identity.ts'
import type { RunReport } from '../run-report.ts'
import { clip } from './harmless.ts'
import { phrase } from './phrases.ts'

/** ISC's name, or else the list's, and the lifecycle state: text from outside, and nothing unless names are asked for. */
export function personOf({ observed, listedName }: Identity, { showNames }: RunReport) {
  const state = showNames ? stateOf(observed) : null
  return {
    name: showNames ? (state?.name ?? listedName) : null,
    lifecycleState: state?.lifecycleState ?? null,
  }
}

/** `2c91… (Ada Lovelace, active)`: one line, not yet made harmless. */
export function personText(identity: Identity, report: RunReport): string {
  const { name, lifecycleState } = personOf(identity, report)
  const known = phrase(', ', clip(name ?? '', 100), clip(lifecycleState ?? '', 100))
  return `${clip(idOf(identity))}${known && ` (${known})`}`
}

/** Whether the list gives a name, which a dash is not, and ISC another one: it may be the wrong ID. */
export function isOtherName({ listedName, observed }: Identity): boolean {
  const name = stateOf(observed)?.name ?? null
  const isName = listedName !== null && name !== null && /[\p{L}\p{N}]/u.test(listedName)
  return isName && !sameName(listedName, name)
}

/** `isOtherName` in words; ISC's name only where names are shown. */
export function otherNameText(identity: Identity, { showNames }: RunReport): string {
  const name = clip(stateOf(identity.observed)?.name ?? '', 100)
  return showNames
    ? `listed as ${clip(identity.listedName ?? '', 100)}, but ISC has the name ${name}`
    : 'ISC has another name than the list'
}

/**
 * Whether two names may be of one person: without regard to case, accents, order, punctuation and middle names. The
 * first and last part of one are in the other, or they are the same without their spaces.
 */
export function sameName(a: string, b: string): boolean {
  if (a === b) return true
  const [first, second] = [partsOf(a), partsOf(b)]
  if (first.length === 0 || second.length === 0) return a.trim() === b.trim()
  return isWithin(first, second) || isWithin(second, first) || first.join('') === second.join('')
}

function isWithin(parts: readonly string[], others: readonly string[]): boolean {
  return [parts.at(0), parts.at(-1)].every((part) => part !== undefined && others.includes(part))
}

/** Letters that have no accent to remove. */
const LETTERS = new Map(Object.entries({ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ı: 'i' }))

const NOT_ASCII = /[^ -~]/

/** Without regular expressions as far as that goes: there may be a million names. */
function partsOf(name: string): string[] {
  const lower = name.toLowerCase()
  const isAscii = !NOT_ASCII.test(lower)
  const plain = isAscii ? lower : plainLetters(lower)
  // Müller is also written Mueller.
  const text = ["'", '.'].reduce((rest, mark) => rest.replaceAll(mark, ''), plain)
  const same = ['a', 'o', 'u'].reduce((rest, vowel) => rest.replaceAll(`${vowel}e`, vowel), text)
  return same.split(isAscii ? /[^a-z0-9]+/ : /[^\p{L}\p{N}]+/u).filter((part) => part !== '')
}

function plainLetters(text: string): string {
  const withoutMarks = text.normalize('NFKD').replace(/[\p{M}\p{Cf}’]/gu, '')
  return withoutMarks.replace(/[ßæœøłđı]/g, (letter) => LETTERS.get(letter) ?? letter)
}
