import type { Problems } from '../problems.ts'

/**
 * Every input of action.yml, and the value that turns it off. If there is one, an empty value is an error: it comes
 * from an empty expression, and would silently turn off what an author turned on. The runner fills in a default only
 * where the key is absent (ActionRunner.cs). null: an empty value means that the input is not given.
 */
export const INPUTS = {
  'identity-ids': null,
  'identity-ids-file': null,
  'from-report': null,
  'identity-id-column': null,
  'identify-by': null,
  'added-since': 'beginning',
  shard: null,
  'client-id': null,
  'client-secret': null,
  token: null,
  tenant: null,
  'base-url': null,
  'api-version': null,
  'exclude-ids-file': 'none',
  'still-listed': 'none',
  'refuse-states': 'none',
  'skip-enabled': 'false',
  'max-identities': 'none',
  'max-to-enable': 'none',
  'dry-run': 'false',
  verify: 'false',
  'verify-timeout': null,
  'max-failures': null,
  'max-failure-percent': null,
  'ignore-status-codes': null,
  'fail-fast': 'false',
  'batch-size': null,
  concurrency: null,
  'rate-limit': null,
  'request-timeout': null,
  'max-retries': null,
  'outage-timeout': null,
  'results-file': null,
  'job-summary': 'false',
  'show-names': 'false',
} as const

export type InputName = keyof typeof INPUTS

export const INPUT_NAMES = Object.keys(INPUTS) as InputName[]

const PREFIX = 'INPUT_'

/** The environment variable in which the runner passes an input on (its Handler.cs): dashes are kept. */
export function variableOf(name: string): string {
  return PREFIX + name.replaceAll(' ', '_').toUpperCase()
}

/** Adds the problems that need no value: inputs that do not exist, and empty values where none is allowed. */
export function checkInputs(env: NodeJS.ProcessEnv, problems: Problems): void {
  const variables = new Set(INPUT_NAMES.map(variableOf))
  for (const variable of Object.keys(env)) {
    if (!variable.startsWith(PREFIX) || variables.has(variable.toUpperCase())) continue
    const name = variable.slice(PREFIX.length).toLowerCase()
    const { nearest, distance } = nearestTo(name)
    // The runner only warns of an unknown input. Variables such as INPUT_METHOD of a desktop are none.
    if (!name.includes('-') && distance > MOST_LETTERS) continue
    problems.add(
      `There is no input named \`${name}\`. The nearest one is \`${nearest}\`. Correct the name, or remove it.`,
    )
  }
  for (const name of INPUT_NAMES) {
    const off = INPUTS[name]
    if (off === null || env[variableOf(name)]?.trim() !== '') continue
    const purpose =
      off === 'none' ? 'to turn the guard off' : off === 'false' ? 'to turn it off' : 'for all entries'
    problems.add(
      `Invalid value "" for \`${name}\`: the expression is empty; write \`${off}\` ${purpose}. If you set it from a variable or an output, check that it exists.`,
    )
  }
}

/** The most letters in which a misspelled name may differ from an input. */
const MOST_LETTERS = 2

function nearestTo(name: string): { nearest: InputName; distance: number } {
  const candidates = INPUT_NAMES.map((nearest) => ({
    nearest,
    distance: distanceOf(core(name), core(nearest)),
  }))
  return candidates.reduce((best, candidate) => (candidate.distance < best.distance ? candidate : best))
}

/** A name without what is easily confused: dashes, underscores, and the s of a plural. */
function core(name: string): string {
  return name.slice(0, 100).replace(/s?[-_ ]|s$/g, '')
}

/** How many letters have to be inserted, removed or replaced to turn one text into the other. */
function distanceOf(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (const [row, letter] of Array.from(a).entries()) {
    const current = [row + 1]
    for (const [column, other] of Array.from(b).entries()) {
      const [diagonal = 0, up = 0] = above.slice(column, column + 2)
      current.push(Math.min(diagonal + (letter === other ? 0 : 1), up + 1, (current[column] ?? 0) + 1))
    }
    above = current
  }
  return above.at(-1) ?? 0
}
