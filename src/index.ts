import { isMainThread } from 'node:worker_threads'

import { answerFromThread } from './list/formats/yaml-thread.ts'
import { run } from './main.ts'

if (isMainThread) {
  await run()
  // Whatever is still open (a proxy's tunnel, a read that hangs) must not hold the step.
  process.stdout.write('', () => process.exit())
} else {
  await answerFromThread()
}
