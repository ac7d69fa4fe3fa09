import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Files of a commit; null: deleted. */
export type Files = Readonly<Record<string, string | Buffer | null>>

/** A repository in a folder of its own, with the program that people use, and no configuration of this machine. */
export class GitRepository {
  readonly root: string

  constructor(root = mkdtempSync(join(tmpdir(), 'repository-')), options: readonly string[] = []) {
    this.root = realpathSync(root)
    this.git('init', '--quiet', '--initial-branch=main', ...options)
    for (const [key, value] of [
      ['user.name', 'Ada'],
      ['user.email', 'ada@example.org'],
      ['commit.gpgsign', 'false'],
      ['core.autocrlf', 'false'],
    ] as const)
      this.git('config', key, value)
  }

  git(...args: readonly string[]): string {
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
    return execFileSync('git', args, { cwd: this.root, env, encoding: 'utf8', stdio: 'pipe' }).trim()
  }

  write(files: Files): void {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.root, name)
      mkdirSync(dirname(path), { recursive: true })
      if (content === null) rmSync(path)
      else writeFileSync(path, content)
    }
  }

  /** @returns the commit's SHA */
  commit(files: Files = {}): string {
    this.write(files)
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', '--message', 'Change lists')
    return this.head
  }

  get head(): string {
    return this.git('rev-parse', 'HEAD')
  }

  /** Another clone, with these options. */
  clone(...options: readonly string[]): GitRepository {
    const root = mkdtempSync(join(tmpdir(), 'clone-'))
    this.git('clone', '--quiet', ...options, `file://${this.root}`, root)
    return new GitRepository(root)
  }

  remove(): void {
    rmSync(this.root, { recursive: true })
  }
}
