import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join, matchesGlob, resolve } from 'node:path'
import process from 'node:process'

const { GITHUB_WORKSPACE, INPUT_NAME, INPUT_PATH, INPUT_PATTERN, STAND_IN_ARTIFACTS } = process.env
const path = resolve(GITHUB_WORKSPACE, INPUT_PATH)

if (INPUT_NAME) {
  const artifact = join(STAND_IN_ARTIFACTS, INPUT_NAME)
  if (!existsSync(artifact)) throw new Error(`Artifact not found for name: ${INPUT_NAME}`)
  cpSync(artifact, path, { recursive: true })
} else {
  const names = existsSync(STAND_IN_ARTIFACTS) ? readdirSync(STAND_IN_ARTIFACTS) : []
  for (const name of names.filter((candidate) => matchesGlob(candidate, INPUT_PATTERN || '*'))) {
    cpSync(join(STAND_IN_ARTIFACTS, name), join(path, name), { recursive: true })
  }
}
