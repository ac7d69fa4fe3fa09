import process from 'node:process'

import config from './jest.config.js'

// What runs in a process of its own runs from the sources, so that its coverage counts.
process.env.ACTION_ENTRY = 'src/index.ts'

/** @type {import('jest').Config} */
export default {
  ...config,
  testMatch: ['**/end-to-end/*.test.ts'],
  testPathIgnorePatterns: ['hostile'], // long, and covers nothing that the others do not
}
