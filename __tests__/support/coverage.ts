import { takeCoverage } from 'node:v8'

import { afterAll } from '@jest/globals'

/**
 * Node writes the coverage of a process when it exits, and jest gives a worker 500 ms for that: too little at times, and
 * what is not written does not count. So it is written after each file of tests.
 */
afterAll(() => {
  if (process.env['NODE_V8_COVERAGE']) takeCoverage()
})
