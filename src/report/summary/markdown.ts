import { countText, phrase } from '../words/phrases.ts'

/** A part of a page, which may be cut between its entries. All texts are Markdown already: see `harmless.ts`. */
export interface Block {
  /** Without a head, there is nothing. */
  readonly head: string
  /** A line each; they can be read several times. */
  readonly entries: Iterable<string>
  /** How many there are, those included that `entries` does not give. */
  readonly count: number
  readonly foot: string
  /** The others come first where space is short. */
  readonly isLong?: true
}

/** No text: no block. */
export function paragraph(text: string): Block {
  return { head: text, entries: [], count: 0, foot: '' }
}

export function bullets<T>(items: readonly T[], textOf: (item: T) => string, count = items.length): Block {
  return list('', items, (item) => `- ${textOf(item)}`, count)
}

/** Titles of columns, each aligned to the left (`---`) or, for numbers, to the right (`--:`). */
export type TableColumns = Readonly<Record<string, '---' | '--:'>>

export function table<T>(
  columns: TableColumns,
  items: readonly T[],
  cellsOf: (item: T) => readonly string[],
  count = items.length,
): Block {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const head = `${line(Object.keys(columns))}\n${line(Object.values(columns))}`
  return list(head, items, (item) => line(cellsOf(item)), count)
}

/** Entries are made one by one, as far as they are asked for, and anew each time. */
function list<T>(head: string, items: readonly T[], textOf: (item: T) => string, count: number): Block {
  return { head, entries: { [Symbol.iterator]: () => items.values().map(textOf) }, count, foot: '' }
}

/** Under a heading of its own; nothing without entries. */
export function section(title: string, block: Block): Block {
  return titled(`#### ${title}`, block)
}

/** Folded under its title, which says how many entries there are; nothing without entries. */
export function details(title: string, isOpen: boolean, block: Block): Block {
  const summary = `<summary><b>${title}: ${countText(block.count)}</b></summary>`
  const folded = titled(`<details${isOpen ? ' open' : ''}>${summary}`, block)
  return { ...folded, foot: '\n\n</details>', isLong: true }
}

function titled(title: string, block: Block): Block {
  if (block.count === 0) return paragraph('')
  return { ...block, head: phrase('\n', `${title}\n`, block.head) }
}

/**
 * A page of at most `room` UTF-8 bytes: all short blocks, then as much of the long ones as there is space for. Those
 * with the fewest entries come first, and none takes more than its share of what is left, so that the many are cut and
 * never the few. A block is cut between entries, and says how many more there are.
 */
export function page(blocks: readonly Block[], room: number): string {
  const texts = new Map<Block, string>()
  let left = room
  const add = (block: Block, share: number): void => {
    const text = fitted(block, share - 2)
    texts.set(block, text)
    left -= text === '' ? 0 : Buffer.byteLength(text) + 2
  }
  for (const block of blocks) if (!block.isLong) add(block, left)
  const long = blocks.filter(({ isLong }) => isLong).sort((a, b) => a.count - b.count)
  for (const [index, block] of long.entries()) add(block, Math.floor(left / (long.length - index)))
  const shown = blocks.map((block) => texts.get(block) ?? '').filter((text) => text !== '')
  return `${shown.join('\n\n')}\n`
}

/** As much of a block as there is space for; empty when the block has nothing, or there is no space. */
function fitted({ head, entries, count, foot }: Block, room: number): string {
  let left = room - Buffer.byteLength(head) - Buffer.byteLength(foot) - (count === 0 ? 0 : MORE_BYTES)
  if (left < 0 || head === '') return ''
  let shown = 0
  let text = head
  for (const entry of entries) {
    left -= Buffer.byteLength(entry) + 1
    if (left < 0) break
    text += `\n${entry}`
    shown += 1
  }
  return `${text}${shown < count ? moreText(count - shown) : ''}${foot}`
}

function moreText(count: number): string {
  return `\n\n… and ${countText(count)} more, see the report (output \`results-file\`).`
}

const MORE_BYTES = Buffer.byteLength(moreText(Number.MAX_SAFE_INTEGER))
