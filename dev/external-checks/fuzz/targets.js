// jazzer.js starts JavaScript only.
export * from './answer-targets.ts'
export * from './list-targets.ts'
export * from './sink-targets.ts'
