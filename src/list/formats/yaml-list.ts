import type { Document, ErrorCode, Node } from 'yaml'

import { idKeyOf } from './column.ts'
import type { ListSink } from './list-sink.ts'

/**
 * Reads a YAML sequence of strings or of mappings. Plain scalars keep their text, whatever they look like
 * (`1e10`, `0123`, `true`). Problems of the syntax go to `onProblem` too.
 */
export async function readYaml(
  text: string,
  column: string | null,
  { onEntry, onProblem }: ListSink,
): Promise<void> {
  const { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } = await import('yaml')
  const lineCounter = new LineCounter()
  // The failsafe schema knows strings only; nothing is turned into JavaScript, so aliases cannot explode.
  const document = parseDocument(text, {
    schema: 'failsafe',
    lineCounter,
    logLevel: 'error', // with 'silent', a second document is left out without a word
    prettyErrors: false,
    resolveKnownTags: false, // so that every tag of another schema is a warning
    uniqueKeys: false, // compares each key with each; one that stands there twice is found below
  })
  const lineOf = (node: unknown): number | null => {
    const range = (node as { range?: readonly number[] | null } | null)?.range
    return range?.[0] === undefined ? null : lineCounter.linePos(range[0]).line
  }
  const [error] = [
    ...document.errors,
    ...document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED'),
  ]
  if (error !== undefined) {
    return onProblem(
      `it is not a YAML list: ${REASONS[error.code] ?? error.message}`,
      lineCounter.linePos(error.pos[0]).line,
    )
  }
  let targets: ReadonlyMap<unknown, unknown> | undefined
  const resolved = (node: unknown): unknown => {
    if (!isAlias(node)) return node
    targets ??= targetsIn(document, visit)
    return targets.get(node)
  }
  const kindOf = (node: unknown): string => {
    if (node === undefined) return 'an alias without an anchor before it'
    if (isMap(node)) return 'a mapping'
    if (isSeq(node)) return 'a sequence'
    return isScalar(node) ? 'a single value' : 'empty'
  }

  const list: unknown = document.contents
  if (list === null || (isScalar(list) && list.value === '')) return
  if (!isSeq(list))
    return onProblem(`it is ${kindOf(list)}, not a sequence of strings or of mappings`, lineOf(list))
  for (const [index, item] of list.items.entries()) {
    const line = lineOf(item)
    const element = resolved(item)
    if (isScalar(element)) {
      onEntry(String(element.value), line)
    } else if (isMap(element)) {
      const names = element.items.map(({ key }) => (isScalar(key) ? String(key.value) : ''))
      const found = idKeyOf(names, column)
      if ('fault' in found) {
        onProblem(`entry ${index + 1}: ${found.fault}`, line)
        continue
      }
      const at = element.items[found.at]?.value
      const value = resolved(at)
      if (isScalar(value)) onEntry(String(value.value), lineOf(at) ?? line)
      else onProblem(`entry ${index + 1}: ${names[found.at] ?? ''} is ${kindOf(value)}, not a string`, line)
    } else {
      onProblem(`entry ${index + 1} is ${kindOf(element)}, not a string or a mapping`, line)
    }
  }
}

const REASONS: Readonly<Partial<Record<ErrorCode, string>>> = {
  MULTIPLE_DOCS: 'it holds several documents',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAG_RESOLVE_FAILED: 'a tag makes something else of what stands there; texts need none',
}

/** What each alias of the document stands for: the last node before it with an anchor of that name. */
function targetsIn(document: Document.Parsed, visit: typeof import('yaml').visit): Map<unknown, unknown> {
  const anchored = new Map<string, Node>()
  const targets = new Map<unknown, unknown>()
  visit(document, {
    Alias: (_key, alias) => void targets.set(alias, anchored.get(alias.source)),
    Value: (_key, node) => {
      if (node.anchor !== undefined) anchored.set(node.anchor, node)
    },
  })
  return targets
}
