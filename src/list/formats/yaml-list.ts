import type { Document, ErrorCode, Node } from 'yaml'

import type { ColumnOptions } from './column.ts'
import { FileFault } from './decode.ts'
import { elementTaker, type Value } from './list-element.ts'
import type { ListSink } from './list-sink.ts'

/**
 * Reads a YAML sequence of strings or of mappings. Plain scalars keep their text, also where they look like
 * another type (`1e10`, `0123`, `true`). @throws FileFault
 */
export async function readYaml(text: string, options: ColumnOptions, sink: ListSink): Promise<void> {
  const { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } = await import('yaml')
  const lineCounter = new LineCounter()
  // The failsafe schema knows strings only; nothing is turned into JavaScript, so aliases cannot explode.
  const document = parseDocument(text, {
    schema: 'failsafe',
    lineCounter,
    logLevel: 'error', // with 'silent', a second document is dropped without a message
    prettyErrors: false,
    resolveKnownTags: false, // so that every tag of another schema is a warning
    uniqueKeys: false, // compares each key with each; one that appears twice is found with each element
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
    const reason = REASONS[error.code]
    throw new FileFault(
      reason === undefined
        ? `This is not valid YAML (${error.message}). Write one entry per line: \`- ID\`.`
        : `This is not a YAML list: ${reason}`,
      lineCounter.linePos(error.pos[0]).line,
    )
  }
  let targets: ReadonlyMap<unknown, unknown> | undefined
  const resolved = (node: unknown): unknown => {
    if (!isAlias(node)) return node
    targets ??= targetsIn(document, visit)
    return targets.get(node)
  }
  const whatIs = (node: unknown): string => {
    if (node === undefined) return 'an alias without an anchor before it'
    if (isMap(node)) return 'a mapping'
    if (isSeq(node)) return 'a sequence'
    return isScalar(node) ? 'a single value' : 'empty'
  }
  const valueOf = (item: unknown): Value => {
    const [node, line] = [resolved(item), lineOf(item)]
    return isScalar(node)
      ? { kind: 'text', text: String(node.value), line }
      : { kind: 'other', what: whatIs(node), line }
  }

  const list: unknown = document.contents
  if (list === null || (isScalar(list) && list.value === '')) return
  if (!isSeq(list))
    throw new FileFault(`This is ${whatIs(list)}. Use a sequence of strings or of mappings.`, lineOf(list))
  const take = elementTaker(options, sink, 'a string or a mapping')
  for (const item of list.items) {
    const node = resolved(item)
    take(
      isMap(node)
        ? {
            kind: 'object',
            names: node.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')),
            values: node.items.map(({ value }) => valueOf(value)),
            line: lineOf(item),
          }
        : valueOf(item),
    )
  }
}

const REASONS: Readonly<Partial<Record<ErrorCode, string>>> = {
  MULTIPLE_DOCS: 'it holds several documents. Remove the lines with --- between them.',
  RESOURCE_EXHAUSTION: 'it is nested too deeply.',
  TAG_RESOLVE_FAILED: 'it has a tag. Remove the tag.',
}

/** The node that each alias of the document refers to: the last one before it with an anchor of that name. */
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
