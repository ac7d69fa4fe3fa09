/** All that `npm test` asks before the tests, at once: `npm run check`. The output of each comes whole. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

const COMMANDS = [
  'npm run --silent lint',
  'prettier --check .',
  'npm run --silent typecheck',
  'npm run --silent knip',
]

async function succeeds(command: string): Promise<boolean> {
  const child = spawn(`${command} 2>&1`, { shell: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const [code, output] = await Promise.all([
    new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject)),
    text(child.stdout),
  ])
  console.log(`${code === 0 ? 'passed' : 'FAILED'}: ${command}`)
  if (code !== 0) console.log(output)
  return code === 0
}

const verdicts = await Promise.all(COMMANDS.map(succeeds))
process.exitCode = verdicts.every(Boolean) ? 0 : 1
