/**
 * Starts a program by the shell command in the environment variable MACHINE, as run-action.ts starts it with Node:
 * `node start-on-machine.ts ENTRY`. In the command, `"$0" "$@"` is the program.
 */
import { spawn } from 'node:child_process'

const { MACHINE = '', ACTION_NODE = process.execPath, ...env } = process.env
// Not sh: Debian's takes variables with a dash in their name out of the environment.
const child = spawn('bash', ['-c', MACHINE, ACTION_NODE, ...process.argv.slice(2)], { env, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
child.on('close', (code) => (process.exitCode = code ?? 1))
