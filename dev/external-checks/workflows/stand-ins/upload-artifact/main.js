import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import process from 'node:process'

const { GITHUB_WORKSPACE, INPUT_NAME, INPUT_OVERWRITE, INPUT_PATH, STAND_IN_ARTIFACTS } = process.env
if (INPUT_PATH === '') throw new Error('Input required and not supplied: path')
const path = resolve(GITHUB_WORKSPACE, INPUT_PATH)
const artifact = join(STAND_IN_ARTIFACTS, INPUT_NAME)
const stats = statSync(path, { throwIfNoEntry: false })
if (stats === undefined || (stats.isDirectory() && readdirSync(path).length === 0)) {
  if (process.env['INPUT_IF-NO-FILES-FOUND'] === 'error')
    throw new Error(`No files were found at ${INPUT_PATH}.`)
  process.stdout.write(`::warning::No files were found at ${INPUT_PATH}. No artifact is uploaded.\n`)
} else {
  if (existsSync(artifact)) {
    if (INPUT_OVERWRITE !== 'true') throw new Error(`An artifact of the name ${INPUT_NAME} is already there.`)
    rmSync(artifact, { recursive: true })
  }
  mkdirSync(artifact, { recursive: true })
  cpSync(path, stats.isDirectory() ? artifact : join(artifact, basename(path)), { recursive: true })
}
