import { readFileSync } from 'node:fs'
import process from 'node:process'

const wanted = readFileSync(process.env['INPUT_NODE-VERSION-FILE'], 'utf8').trim()
if (!process.version.startsWith(`v${wanted}`)) throw new Error(`Node ${process.version} is not ${wanted}.`)
