/**
 * Jest transformer for the packages of GitHub's language service, which import JSON in the way of bundlers:
 * adds the import attribute that Node and Jest ask for.
 */
export default {
  process: (source) => ({
    code: source.replaceAll(/^(import .* from "\S+\.json");$/gm, "$1 with { type: 'json' };"),
  }),
}
