/**
 * Loaded into the action's process: every 5 seconds, collects garbage, and adds what is left in memory, in MiB, to the
 * file that MEMORY_SAMPLES names. Without collecting, memory would show how long the engine waits before it does.
 */
import { appendFileSync } from 'node:fs'
import process from 'node:process'
import { setInterval } from 'node:timers'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const EVERY_MS = 5_000
const MIB = 1024 * 1024

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')
setInterval(() => {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  appendFileSync(process.env['MEMORY_SAMPLES'], `${((heapUsed + external) / MIB).toFixed(1)}\n`)
}, EVERY_MS).unref()
