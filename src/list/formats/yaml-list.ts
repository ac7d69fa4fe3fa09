import type { Document, ErrorCode, Node } from 'yaml'

import { quoted } from '../../problems.ts'
import { columnsOf, type ColumnOptions } from './column.ts'
import { FileFault } from './decode.ts'
import type { ListSink } from './list-sink.ts'

/**
 * Reads a YAML sequence of strings or of mappings. Plain scalars keep their text, whatever they look like
 * (`1e10`, `0123`, `true`). @throws FileFault
 */
export async function readYaml(
  text: string,
  options: ColumnOptions,
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
  if (error !== undefined)
    throw new FileFault(
      `This is not a YAML list: ${REASONS[error.code] ?? `${error.message}.`}`,
      lineCounter.linePos(error.pos[0]).line,
    )
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
    throw new FileFault(`This is ${kindOf(list)}. Use a sequence of strings or of mappings.`, lineOf(list))
  for (const [index, item] of list.items.entries()) {
    const line = lineOf(item)
    const element = resolved(item)
    const problem = (reason: string, cause?: string): void =>
      onProblem(`Entry ${index + 1}${reason}`, line, cause)
    if (isScalar(element)) {
      onEntry({ text: String(element.value), others: [], line, listedName: null, reason: null })
      continue
    }
    if (!isMap(element)) {
      problem(` is ${kindOf(element)}, not a string or a mapping. Correct it, or remove the entry.`)
      continue
    }
    const names = element.items.map(({ key }) => (isScalar(key) ? String(key.value) : ''))
    const columns = columnsOf(names, options)
    const seen = new Set<string>()
    const twice = names.find((name) => seen.size === seen.add(name).size)
    if (twice !== undefined) {
      problem(`: The key ${quoted(twice)} appears twice. Remove one of them.`)
      continue
    }
    if (typeof columns === 'string') {
      problem(`: ${columns}`, 'columns')
      continue
    }
    const own = (at: number | null): string | null => {
      const value = at === null ? null : resolved(element.items[at]?.value)
      return isScalar(value) ? String(value.value) || null : null
    }
    // Of several, each may be missing.
    const wrong =
      options.allColumns === false
        ? columns.identifiers.find((at) => !isScalar(resolved(element.items[at]?.value)))
        : undefined
    if (wrong !== undefined) {
      const kind = kindOf(resolved(element.items[wrong]?.value))
      problem(`: ${quoted(names[wrong] ?? '')} is ${kind}, not a string. Correct it, or remove the entry.`)
      continue
    }
    const texts = columns.identifiers.map((at) => own(at) ?? '')
    const [text = '', ...others] = options.allColumns === false ? texts : texts.filter((own) => own !== '')
    const [first = 0] = columns.identifiers
    onEntry({
      text,
      others,
      line: lineOf(element.items[first]?.value) ?? line,
      listedName: own(columns.name),
      reason: own(columns.reason),
    })
  }
}

const REASONS: Readonly<Partial<Record<ErrorCode, string>>> = {
  MULTIPLE_DOCS: 'it holds several documents. Remove the lines with --- between them.',
  RESOURCE_EXHAUSTION: 'it is nested too deeply.',
  TAG_RESOLVE_FAILED: 'it has a tag. Remove the tag.',
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
