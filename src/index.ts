import { run } from './main.ts'

await run()
// Whatever is still open (a proxy's tunnel, a read that hangs) must not hold the step; the empty write calls back
// when everything written before it has gone out, which on a pipe is later than the call.
process.stdout.write('', () => process.exit())
