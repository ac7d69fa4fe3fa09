import { run } from './main.ts'

await run()
// Whatever is still open (a proxy's tunnel, a read that hangs) must not hold the step.
process.stdout.write('', () => process.exit())
