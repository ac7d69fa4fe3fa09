import { reasonOf } from '../reason.ts'
import { idColumnOf } from './column.ts'
import type { OnEntry, OnProblem } from './list-sinks.ts'

/**
 * Reads a JSON array of strings or, if `objects`, of objects. An empty text is an empty
 * list. Problems of the syntax go to `onProblem` too.
 */
export function readJson(
  text: string,
  column: string | null,
  onEntry: OnEntry,
  onProblem: OnProblem,
  { objects = true } = {},
): void {
  if (text.trim() === '') return
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    const reason = reasonOf(error)
    return onProblem(`it is not JSON: ${reason}`, Number(/\(line (\d+) /.exec(reason)?.[1] ?? 0) || null)
  }
  const accepted = objects ? 'a string or an object' : 'a string'
  if (!Array.isArray(json)) {
    onProblem(`it is ${kindOf(json)}, not an array of strings or of objects`, null)
    return
  }
  const lines = linesOfElements(text)
  for (const [index, element] of (json as unknown[]).entries()) {
    const line = lines.next().value ?? null
    if (typeof element === 'string') onEntry(element, line)
    else if (!objects || typeof element !== 'object' || element === null || Array.isArray(element)) {
      onProblem(`entry ${index + 1} is ${kindOf(element)}, not ${accepted}${hintFor(element)}`, line)
    } else {
      const names = Object.keys(element)
      const found = idColumnOf(names, column)
      if ('fault' in found) {
        onProblem(`entry ${index + 1}: ${found.fault}`, line)
        continue
      }
      const name = names[found.at] ?? ''
      const value = (element as Record<string, unknown>)[name]
      if (typeof value === 'string') onEntry(value, line)
      else onProblem(`entry ${index + 1}: ${name} is ${kindOf(value)}, not a string${hintFor(value)}`, line)
    }
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function hintFor(value: unknown): string {
  return typeof value === 'number' ? '; put an id of digits in quotes' : ''
}

/** The line (1-based) on which each element of a JSON array begins. The text is known to be JSON. */
export function* linesOfElements(text: string): Generator<number, undefined> {
  let line = 1
  let depth = 0
  let isElementNext = true
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (character === '\n') line += 1
    if (' \t\r\n'.includes(character)) continue
    if (depth === 1 && isElementNext && character !== ']') {
      yield line
      isElementNext = false
    }
    if (character === '"') at = endOfString(text, at)
    else if (character === '[' || character === '{') depth += 1
    else if (character === ']' || character === '}') depth -= 1
    else if (character === ',' && depth === 1) isElementNext = true
  }
}

/** Where the string that begins at `start` has its closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
