import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'

const { GITHUB_SHA, GITHUB_WORKSPACE, INPUT_PATH = '', INPUT_REF, STAND_IN_ORIGIN } = process.env
const folder = join(GITHUB_WORKSPACE, INPUT_PATH)
const git = (...args) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim()

execFileSync('git', ['clone', '--quiet', '--no-checkout', STAND_IN_ORIGIN, folder])
git('fetch', '--quiet', 'origin', '+refs/*:refs/all/*')
const ref = (INPUT_REF || GITHUB_SHA).replace(/^refs\//, '')
const found = git('for-each-ref', '--format=%(refname)', `refs/all/${ref}`, `refs/all/heads/${ref}`)
git('checkout', '--quiet', '--detach', found || ref)
process.stdout.write(`${ref} is ${git('rev-parse', 'HEAD')}\n`)
