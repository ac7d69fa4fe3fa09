import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/

/**
 * The commit that is checked out in the workspace, which need not be the one that started the run; null where that
 * cannot be told. Read as Git lays it out (gitrepository-layout), for a runner need not have `git`.
 */
export function checkedOutCommit(workspace: string | undefined): string | null {
  if (!workspace) return null
  const head = lineOf(workspace, 'HEAD')
  const ref = /^ref: (refs\/.+)$/.exec(head)?.[1]
  const sha = ref === undefined ? head : lineOf(workspace, ref) || packed(workspace, ref)
  return SHA.test(sha) ? sha : null
}

/** `packed-refs` has a line for each ref: `<sha> refs/heads/main`. */
function packed(workspace: string, ref: string): string {
  const lines = contentOf(workspace, 'packed-refs').split('\n')
  return lines.find((line) => line.endsWith(` ${ref}`))?.split(' ')[0] ?? ''
}

function lineOf(workspace: string, file: string): string {
  return contentOf(workspace, file).trim()
}

/** Empty where it cannot be read: a link to the wrong commit is no reason to fail. */
function contentOf(workspace: string, file: string): string {
  try {
    return readFileSync(join(workspace, '.git', file), 'utf8')
  } catch {
    return ''
  }
}
