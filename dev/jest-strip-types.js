import { stripTypeScriptTypes } from 'node:module'

/**
 * Jest transformer: Node's own type stripping, so tests run the sources as `node src/…` would,
 * and keeps every line and column, so that coverage is exact.
 */
export default {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
}
