/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  setupFiles: ['<rootDir>/__tests__/support/quiet.ts'],
  setupFilesAfterEnv: ['<rootDir>/__tests__/support/coverage.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': '<rootDir>/dev/jest-strip-types.js',
    '/@actions/(languageservice|workflow-parser)/.*\\.js$': '<rootDir>/dev/jest-json-imports.js',
  },
  transformIgnorePatterns: ['/node_modules/(?!@actions/(languageservice|workflow-parser)/)'],
  testTimeout: 60_000,
  maxWorkers: '100%', // many tests wait for processes and timers
}
