import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Path -> content; null removes the file. */
export type Files = Readonly<Record<string, string | null>>

/** A Git repository with one working tree, which is also where others clone from. */
export class Repository {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
    mkdirSync(folder, { recursive: true })
    this.git('init', '--quiet', '--initial-branch', 'main')
    this.git('remote', 'add', 'origin', 'https://github.com/acme/identities.git') // it names the repository; nobody calls it
  }

  git(...args: string[]): string {
    const author = ['-c', 'user.name=Someone', '-c', 'user.email=someone@example.com']
    return execFileSync('git', ['-C', this.folder, ...author, ...args], { encoding: 'utf8' }).trim()
  }

  /** Commits on `main`. Returns the full SHA. */
  commit(files: Files): string {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.folder, path)
      mkdirSync(dirname(file), { recursive: true })
      if (content === null) rmSync(file)
      else writeFileSync(file, content)
    }
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', '--message', 'Change')
    return this.git('rev-parse', 'HEAD')
  }

  /** What a pull request's workflow is run on: `refs/pull/NUMBER/merge`, a merge of its head into `main`. */
  pullRequest(number: number, files: Files): { readonly merge: string; readonly head: string } {
    this.git('checkout', '--quiet', '--detach', 'main')
    const head = this.commit(files)
    this.git('branch', '--force', `change-${number}`)
    this.git('checkout', '--quiet', '--detach', 'main')
    this.git('merge', '--quiet', '--no-ff', '--message', 'Merge', `change-${number}`)
    this.git('update-ref', `refs/pull/${number}/merge`, 'HEAD')
    const merge = this.git('rev-parse', 'HEAD')
    this.git('checkout', '--quiet', 'main')
    return { merge, head }
  }
}
