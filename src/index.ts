import { run } from './main.ts'

// What is still open (a proxy's tunnel, a read that hangs) must not hold the step; the empty write calls back when
// everything written before it has gone out, which on a pipe is later than the call. There is no await here, because
// with one, ncc puts all code into a function that V8 parses twice, which takes 10 ms.
void run().then(() => process.stdout.write('', () => process.exit()))
