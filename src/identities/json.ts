import { idColumnOf, noIdColumn } from './column.ts'
import type { OnEntry, OnProblem } from './list.ts'

/**
 * Reads a JSON array of strings or, if `objects`, of objects. An empty text is an empty list.
 * @throws SyntaxError when it is not JSON
 */
export function readJson(
  text: string,
  column: string | null,
  onEntry: OnEntry,
  onProblem: OnProblem,
  { objects = true } = {},
): void {
  if (text.trim() === '') return
  const json: unknown = JSON.parse(text)
  const accepted = objects ? 'a string or an object' : 'a string'
  if (!Array.isArray(json)) {
    onProblem(`it is ${kindOf(json)}, not an array of strings${objects ? ' or of objects' : ''}`, null)
    return
  }
  const lines = linesOfElements(text)
  for (const [index, element] of (json as unknown[]).entries()) {
    const line = lines[index] ?? null
    if (typeof element === 'string') onEntry(element, line)
    else if (!objects || typeof element !== 'object' || element === null || Array.isArray(element)) {
      onProblem(`entry ${index + 1} is ${kindOf(element)}, not ${accepted}${hintFor(element)}`, line)
    } else {
      const names = Object.keys(element)
      const name = idColumnOf(names, column)
      const value = name === null ? undefined : (element as Record<string, unknown>)[name]
      if (name === null) onProblem(`entry ${index + 1}: ${noIdColumn(names, column)}`, line)
      else if (typeof value === 'string') onEntry(value, line)
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

/** The lines (1-based) on which the elements of a JSON array begin. The text is known to be JSON. */
export function linesOfElements(text: string): number[] {
  const lines: number[] = []
  let line = 1
  let depth = 0
  let isBefore = false
  for (const [token] of text.matchAll(/\r\n|[\r\n]|[[\]{},]|"(?:[^"\\]|\\.)*"|[^\s[\]{},"]+/g)) {
    if (/^[\r\n]/.test(token)) {
      line += 1
      continue
    }
    if (depth === 1 && isBefore && token !== ']') {
      lines.push(line)
      isBefore = false
    }
    if (token === '[' || token === '{') depth += 1
    if (token === ']' || token === '}') depth -= 1
    if (depth === 1 && (token === ',' || (token === '[' && lines.length === 0))) isBefore = true
  }
  return lines
}
