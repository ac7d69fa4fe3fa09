import { createWriteStream } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** Writes a list of that many IDs, one a line, into a workspace of its own. */
export async function writeListFile(count: number): Promise<{ workspace: string; file: string }> {
  const workspace = await mkdtemp(join(tmpdir(), 'bench-list-'))
  const file = join(workspace, 'ids.txt')
  await pipeline(lines(count), createWriteStream(file))
  return { workspace, file }
}

function* lines(count: number): Generator<string> {
  const CHUNK = 10_000
  for (let from = 0; from < count; from += CHUNK) {
    const length = Math.min(CHUNK, count - from)
    yield Array.from({ length }, (_, n) => `${(from + n).toString(16).padStart(32, '0')}\n`).join('')
  }
}
