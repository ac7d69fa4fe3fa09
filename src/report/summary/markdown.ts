import { countText } from '../words/numbers.ts'

/** A part of a page, which may be cut between its entries. All texts are Markdown already: see `harmless.ts`. */
export interface Block {
  readonly head: string
  /** A line each. */
  readonly entries: Iterable<string>
  /** How many there are, those included that `entries` does not give. */
  readonly count: number
  readonly foot: string
}

export function paragraph(text: string): Block {
  return { head: text, entries: [], count: 0, foot: '' }
}

export function bullets(entries: Iterable<string>, count: number): Block {
  return { head: '', entries: mapped(entries, (entry) => `- ${entry}`), count, foot: '' }
}

/** A column is named by what stands in it; numbers are aligned to the right. */
export interface Column {
  readonly title: string
  readonly isNumber?: true
}

export function table(columns: readonly Column[], rows: Iterable<readonly string[]>, count: number): Block {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = columns.map(({ isNumber }) => (isNumber ? '--:' : '---'))
  return {
    head: `${line(columns.map(({ title }) => title))}\n${line(rule)}`,
    entries: mapped(rows, line),
    count,
    foot: '',
  }
}

function* mapped<From, To>(items: Iterable<From>, to: (item: From) => To): Generator<To> {
  for (const item of items) yield to(item)
}

/** Under a heading of its own. */
export function section(title: string, block: Block): Block {
  return { ...block, head: `#### ${title}\n\n${block.head}`.trimEnd() + (block.head === '' ? '\n' : '') }
}

/** Folded under its title. */
export function details(title: string, isOpen: boolean, block: Block): Block {
  const head = `<details${isOpen ? ' open' : ''}><summary><b>${title}</b></summary>\n\n${block.head}`
  return { ...block, head: head.trimEnd() + (block.head === '' ? '\n' : ''), foot: '\n\n</details>' }
}

/**
 * A page of at most `room` UTF-8 bytes: all short blocks, then as much of the long ones, in their order, as there is
 * room for. Each is cut between entries, with the number of what was left out.
 */
export function page(
  blocks: readonly { readonly block: Block; readonly isLong: boolean }[],
  room: number,
): string {
  const texts = blocks.map(() => '')
  let left = room
  for (const turn of [false, true]) {
    for (const [index, { block, isLong }] of blocks.entries()) {
      if (isLong !== turn) continue
      const text = fitted(block, left - 2)
      texts[index] = text
      left -= text === '' ? 0 : Buffer.byteLength(text) + 2
    }
  }
  return `${texts.filter((text) => text !== '').join('\n\n')}\n`
}

/** As much of a block as there is room for; empty when it has nothing, or there is none. */
function fitted({ head, entries, count, foot }: Block, room: number): string {
  let left = room - Buffer.byteLength(head) - Buffer.byteLength(foot) - (count === 0 ? 0 : MORE_BYTES)
  if (left < 0) return ''
  let shown = 0
  let text = head
  for (const entry of entries) {
    left -= Buffer.byteLength(entry) + 1
    if (left < 0) break
    text += text === '' ? entry : `\n${entry}`
    shown += 1
  }
  return `${text}${shown < count ? moreText(count - shown) : ''}${foot}`
}

function moreText(count: number): string {
  return `\n\n… and ${countText(count)} more: they are in the report (output \`results-file\`).`
}

const MORE_BYTES = Buffer.byteLength(moreText(Number.MAX_SAFE_INTEGER))
