/**
 * Stands in for undici in the bundle (see `overrides` in package.json). @actions/http-client imports it for
 * `getAgentDispatcher` alone, which this action never calls; loading the real one took about half of the
 * start-up.
 */
export class ProxyAgent {
  constructor() {
    throw new Error('undici is not part of this action.')
  }
}
