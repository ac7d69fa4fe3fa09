import { availableParallelism } from 'node:os'

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  testSequencer: '<rootDir>/dev/jest-slow-first.js',
  setupFiles: ['<rootDir>/__tests__/support/quiet.ts', '<rootDir>/__tests__/support/seed.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': '<rootDir>/dev/jest-strip-types.js',
    '/@actions/(languageservice|workflow-parser)/.*\\.js$': '<rootDir>/dev/jest-json-imports.js',
  },
  transformIgnorePatterns: ['/node_modules/(?!@actions/(languageservice|workflow-parser)/)'],
  testTimeout: 60_000,
  maxWorkers: 2 * availableParallelism(), // many tests wait for processes and timers
  workerGracefulExitTimeout: 30_000, // in which Node writes the coverage of a worker; what is not written does not count
}
