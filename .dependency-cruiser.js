/** The layers of src/, from top to bottom: none imports from above. CONTRIBUTING.md has the picture. */
export const LAYERS = [
  'main',
  'comment',
  'set-up',
  'journal',
  'inputs',
  'report',
  'enablement',
  'list',
  'sailpoint',
  'policy',
]

const within = (names) => `^src/(${names.join('|')})(/|[.]ts$)`
const packages = (...names) => `^node_modules/(${names.join('|')})/`

const layers = LAYERS.slice(1).map((name, above) => ({
  name: `${name}-imports-from-above`,
  severity: 'error',
  from: { path: within([name]) },
  to: { path: within(LAYERS.slice(0, above + 1)) },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...layers,
    {
      name: 'circle',
      severity: 'error',
      from: { path: '^(src|dev)/' },
      to: { circular: true },
    },
    {
      name: 'shared-module-imports-from-above',
      comment: 'What all layers share (the record of an identity, settings, problems) imports none of them.',
      severity: 'error',
      from: { path: '^src/[^/]+[.]ts$', pathNot: within([...LAYERS, 'index']) },
      to: { path: within(LAYERS) },
    },
    {
      name: 'sailpoint-knows-github',
      comment: 'src/sailpoint/ is the ISC API and nothing of GitHub.',
      severity: 'error',
      from: { path: '^src/sailpoint/' },
      to: { path: packages('@actions/core', '@actions/glob') },
    },
    {
      name: 'report-knows-http',
      comment: 'src/report/ knows no HTTP and nothing of how a run is done.',
      severity: 'error',
      from: { path: '^src/report/' },
      to: {
        path: [
          '^(http|https|http2|net|tls)$',
          packages('@actions/http-client'),
          within(['sailpoint', 'enablement', 'list']),
        ],
      },
    },
    {
      name: 'policy-is-not-pure',
      comment: 'src/policy/ takes values and gives reasons.',
      severity: 'error',
      from: { path: '^src/policy/' },
      to: { pathNot: '^src/(policy/|(identity|settings|failure)[.]ts$)' },
    },
    {
      name: 'speaks-to-the-runner',
      comment: 'Only main.ts, comment.ts and src/report/ give commands to the runner.',
      severity: 'error',
      from: { path: '^src/', pathNot: within(['main', 'comment', 'report']) },
      to: { path: packages('@actions/core') },
    },
    {
      name: 'action-imports-dev-tools',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(dev|__tests__)/' },
    },
    {
      name: 'dev-tools-import-tests',
      severity: 'error',
      from: { path: '^dev/' },
      to: { path: '^__tests__/' },
    },
    {
      name: 'unresolvable',
      comment: 'Otherwise a rule would pass an import that it cannot follow.',
      severity: 'error',
      from: { path: '^(src|dev)/', pathNot: '^dev/bench/sdk/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    tsPreCompilationDeps: true, // imports of types count
    doNotFollow: { path: 'node_modules' },
  },
}
