import { mkdirSync } from 'node:fs'

import { GitRepository, type Files } from '../../git-repository.ts'

/** A Git repository with one working tree, which is also where others clone from. */
export class Repository extends GitRepository {
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    super(folder)
    this.git('remote', 'add', 'origin', 'https://github.com/acme/identities.git') // it names the repository, and is not called
  }

  /** What a pull request's workflow is run on: `refs/pull/NUMBER/merge`, a merge of its head into `main`. */
  pullRequest(number: number, files: Files): { readonly merge: string; readonly head: string } {
    this.git('checkout', '--quiet', '--detach', 'main')
    const head = this.commit(files)
    this.git('branch', '--force', `change-${number}`)
    this.git('checkout', '--quiet', '--detach', 'main')
    this.git('merge', '--quiet', '--no-ff', '--message', 'Merge', `change-${number}`)
    this.git('update-ref', `refs/pull/${number}/merge`, 'HEAD')
    const merge = this.head
    this.git('checkout', '--quiet', 'main')
    return { merge, head }
  }
}
