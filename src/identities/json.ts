import { idColumnOf } from './column.ts'
import type { OnEntry, OnProblem } from './list.ts'

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
    const reason = error instanceof Error ? error.message : String(error)
    return onProblem(`it is not JSON: ${reason}`, Number(/\(line (\d+) /.exec(reason)?.[1] ?? 0) || null)
  }
  const accepted = objects ? 'a string or an object' : 'a string'
  if (!Array.isArray(json)) {
    onProblem(`it is ${kindOf(json)}, not an array of strings or of objects`, null)
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

/** The lines (1-based) on which the elements of a JSON array begin. The text is known to be JSON. */
export function linesOfElements(text: string): number[] {
  const lines: number[] = []
  let line = 1
  let depth = 0
  let isInString = false
  let isElementNext = true
  for (const [token] of text.matchAll(/\\.|["\n[\]{},]|[^\\"\n[\]{},\s]+/g)) {
    if (token === '\n') {
      line += 1
      continue
    }
    if (depth === 1 && isElementNext && token !== ']') {
      lines.push(line)
      isElementNext = false
    }
    if (token === '"') isInString = !isInString
    else if (isInString) continue
    else if (token === '[' || token === '{') depth += 1
    else if (token === ']' || token === '}') depth -= 1
    else if (token === ',' && depth === 1) isElementNext = true
  }
  return lines
}
