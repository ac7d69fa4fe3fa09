import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { expect, test } from '@jest/globals'

import { ROOT } from '../dev/run-action.ts'

const onPosix = process.platform === 'win32' ? test.skip : test

/** What a process that listens says, and its exit code, once it has got a signal as often as given. */
async function endOf(signal: NodeJS.Signals, times: number): Promise<unknown[]> {
  const module = JSON.stringify(join(ROOT, 'src', 'cancellation.ts'))
  const program = `
    const { listenForCancel } = await import(${module})
    const { stop, kill, forcedEnd } = listenForCancel()
    const open = setInterval(() => undefined, 1000)
    stop.addEventListener('abort', () => console.log('stop'))
    kill.addEventListener('abort', () => console.log('kill'))
    forcedEnd.catch(({ message }) => (console.log(message), clearInterval(open)))
    console.log('ready')`
  const child = spawn(process.execPath, ['--input-type', 'module', '--eval', program])
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (text.includes('ready')) for (let time = 0; time < times; time += 1) child.kill(signal)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return [said.trim().split('\n'), code]
}

onPosix.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s cancels, and does not end the process',
  async (signal) => {
    const [said, code] = await endOf(signal, 2)
    expect(said).toEqual(['ready', 'stop', 'kill', 'The run did not end in time after the cancel.'])
    expect(code).toBe(0)
  },
)
