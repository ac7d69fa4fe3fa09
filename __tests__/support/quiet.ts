/**
 * Before every test file: debug lines of the toolkit, which the runner hides, go nowhere. A test that wants them
 * captures stdout (stdout.ts).
 */
const write = process.stdout.write.bind(process.stdout) as (...args: unknown[]) => boolean

process.stdout.write = (chunk: unknown, ...rest: unknown[]): boolean =>
  typeof chunk === 'string' && chunk.startsWith('::debug::') ? true : write(chunk, ...rest)
