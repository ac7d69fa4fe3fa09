import { stripTypeScriptTypes } from 'node:module'

/**
 * Jest transformer: Node's own type stripping, so tests run the sources as `node src/…` would,
 * with every line and column where it stands in the file (which keeps coverage exact).
 */
export default {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
}
