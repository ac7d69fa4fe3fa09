/**
 * Stands in for undici in the bundle (see `overrides` in package.json). @actions/http-client imports it for
 * `getAgentDispatcher` alone, which this action never calls; loading the real one takes longer than
 * everything else at start-up together.
 */
export class ProxyAgent {
  constructor() {
    throw new Error('undici is not part of this action.')
  }
}
