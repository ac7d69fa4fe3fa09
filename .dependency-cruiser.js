/** The floors of src/, from top to bottom: nobody imports from above. CONTRIBUTING.md has the picture. */
export const FLOORS = [
  'main',
  'comment',
  'steps',
  'journal',
  'inputs',
  'report',
  'campaign',
  'list',
  'sailpoint',
  'policy',
]

const rooms = (names) => `^src/(${names.join('|')})(/|[.]ts$)`
const packages = (...names) => `^node_modules/(${names.join('|')})/`

const floors = FLOORS.slice(1).map((name, above) => ({
  name: `${name}-imports-from-above`,
  severity: 'error',
  from: { path: rooms([name]) },
  to: { path: rooms(FLOORS.slice(0, above + 1)) },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...floors,
    {
      name: 'circle',
      severity: 'error',
      from: { path: '^(src|dev)/' },
      to: { circular: true },
    },
    {
      name: 'ground-floor-imports-from-above',
      comment:
        'What stands beside the rooms (the record of an identity, settings, problems) imports none of them.',
      severity: 'error',
      from: { path: '^src/[^/]+[.]ts$', pathNot: rooms([...FLOORS, 'index']) },
      to: { path: rooms(FLOORS) },
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
          rooms(['sailpoint', 'campaign', 'list']),
        ],
      },
    },
    {
      name: 'policy-is-not-pure',
      comment: 'src/policy/ takes values and gives reasons.',
      severity: 'error',
      from: { path: '^src/policy/' },
      to: { pathNot: '^src/(policy/|identity[.]ts$|settings[.]ts$)' },
    },
    {
      name: 'speaks-to-the-runner',
      comment: 'Commands of the runner are given by main.ts, comment.ts and src/report/ alone.',
      severity: 'error',
      from: { path: '^src/', pathNot: rooms(['main', 'comment', 'report']) },
      to: { path: packages('@actions/core') },
    },
    {
      name: 'action-reaches-into-its-workshop',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(dev|__tests__)/' },
    },
    {
      name: 'workshop-reaches-into-tests',
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
