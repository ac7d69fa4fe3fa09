/** Preloaded (`node --import`) into a measured process: writes its CPU time and peak memory to MEASURE_FILE. */
import { writeFileSync } from 'node:fs'
import process from 'node:process'

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  writeFileSync(
    process.env.MEASURE_FILE,
    JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMiB: maxRSS / 1024 }),
  )
})
