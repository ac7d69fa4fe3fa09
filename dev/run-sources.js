/**
 * Runs the action from its sources, in less time than `node src/index.ts`, or another program of them that the first
 * argument names (`src/comment.ts`): the text of each module without its types,
 * which Node makes anew in every process, is kept in `build/stripped/`. Lines and columns stay, so coverage is exact.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(import.meta.dirname)
const kept = join(root, 'build', 'stripped')
mkdirSync(kept, { recursive: true })

function withoutTypes(source) {
  const file = join(kept, `${createHash('sha1').update(source).digest('hex')}.js`)
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  const { emitWarning } = process
  process.emitWarning = () => undefined // that this is experimental, in what a test compares
  const text = stripTypeScriptTypes(source)
  process.emitWarning = emitWarning
  // Many processes may do this at once, and none must read half a file.
  writeFileSync(`${file}.${process.pid}`, text)
  renameSync(`${file}.${process.pid}`, file)
  return text
}

registerHooks({
  load: (url, context, next) =>
    url.startsWith('file:') && url.endsWith('.ts')
      ? {
          format: 'module',
          shortCircuit: true,
          source: withoutTypes(readFileSync(fileURLToPath(url), 'utf8')),
        }
      : next(url, context),
})

await import(pathToFileURL(join(root, process.argv[2] ?? 'src/index.ts')).href)
