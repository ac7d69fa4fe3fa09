import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { checkedOutCommit } from '../../../src/report/words/location.ts'

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'commit-'))
})
afterEach(() => rmSync(workspace, { recursive: true }))

const IDENTITY = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false']

function git(...args: string[]): string {
  return execFileSync('git', [...IDENTITY, ...args], { cwd: workspace, encoding: 'utf8' }).trim()
}

/** A repository with two commits on `main` and a branch of a similar name; returns the newer one. */
function repository(...init: string[]): string {
  git('init', '--quiet', '--initial-branch=main', ...init)
  git('commit', '--quiet', '--allow-empty', '--message=One')
  git('branch', 'also/refs/heads/main')
  git('commit', '--quiet', '--allow-empty', '--message=Two')
  return git('rev-parse', 'HEAD')
}

describe('the commit that is checked out', () => {
  it('is the tip of a branch', () => {
    const sha = repository()
    expect(checkedOutCommit(workspace)).toBe(sha)
  })

  it('is the tip of a branch that Git has packed', () => {
    const sha = repository()
    git('pack-refs', '--all')
    expect(checkedOutCommit(workspace)).toBe(sha)
  })

  it('is what a detached HEAD says', () => {
    repository()
    git('checkout', '--quiet', '--detach', 'HEAD~1')
    expect(checkedOutCommit(workspace)).toBe(git('rev-parse', 'HEAD'))
  })

  it('may have the longer name of SHA-256', () => {
    const sha = repository('--object-format=sha256')
    expect(sha).toHaveLength(64)
    expect(checkedOutCommit(workspace)).toBe(sha)
  })

  it.each<[string, Readonly<Record<string, string>>]>([
    ['no HEAD', {}],
    ['an empty HEAD', { HEAD: '' }],
    ['a branch without a commit', { HEAD: 'ref: refs/heads/main\n' }],
    ['a ref that lies elsewhere', { HEAD: 'ref: secret\n', secret: 'a'.repeat(40) }],
    ['a commit that is none', { HEAD: 'ref: refs/heads/main\n', 'packed-refs': 'x](y) refs/heads/main\n' }],
  ])('is not known with %s', (_, files) => {
    mkdirSync(join(workspace, '.git'))
    for (const [name, content] of Object.entries(files)) writeFileSync(join(workspace, '.git', name), content)
    expect(checkedOutCommit(workspace)).toBeNull()
  })

  it('is not known without a repository, or a workspace', () => {
    expect(checkedOutCommit(workspace)).toBeNull()
    expect(checkedOutCommit('')).toBeNull()
    expect(checkedOutCommit(undefined)).toBeNull()
    writeFileSync(join(workspace, '.git'), 'gitdir: elsewhere\n')
    expect(checkedOutCommit(workspace)).toBeNull()
  })
})
