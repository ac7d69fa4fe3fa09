import { describe, expect, test } from '@jest/globals'

import { checkInputs, INPUT_NAMES, variableOf, type InputName } from '../../src/inputs/known-inputs.ts'
import { ConfigurationError, Problems } from '../../src/problems.ts'

function problemsOf(env: NodeJS.ProcessEnv): string[] {
  const problems = new Problems()
  checkInputs(env, problems)
  try {
    problems.throwIfAny()
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ message }) => message)
  }
  return []
}

/** What an empty value of an input means: that it is not given, or an error that says what to write. */
const EMPTY: Record<InputName, 'not given' | `write \`${'none' | 'beginning' | 'false'}\``> = {
  'identity-ids': 'not given',
  'identity-ids-file': 'not given',
  'from-report': 'not given',
  'identity-id-column': 'not given',
  'identify-by': 'not given',
  'added-since': 'write `beginning`',
  shard: 'not given',
  'client-id': 'not given',
  'client-secret': 'not given',
  token: 'not given',
  tenant: 'not given',
  'base-url': 'not given',
  'api-version': 'not given',
  'exclude-ids-file': 'write `none`',
  'still-listed': 'write `none`',
  'refuse-states': 'write `none`',
  'max-identities': 'write `none`',
  'max-to-enable': 'write `none`',
  'skip-enabled': 'write `false`',
  'dry-run': 'write `false`',
  verify: 'write `false`',
  'verify-timeout': 'not given',
  'max-failures': 'not given',
  'max-failure-percent': 'not given',
  'ignore-status-codes': 'not given',
  'fail-fast': 'write `false`',
  'batch-size': 'not given',
  concurrency: 'not given',
  'rate-limit': 'not given',
  'request-timeout': 'not given',
  'max-retries': 'not given',
  'outage-timeout': 'not given',
  'results-file': 'not given',
  'job-summary': 'write `false`',
  'show-names': 'write `false`',
}

test('the table of this test names every input', () => {
  expect(Object.keys(EMPTY).sort()).toEqual([...INPUT_NAMES].sort())
})

test.each(INPUT_NAMES)('an empty %s is what the contract says', (name) => {
  expect(problemsOf({})).toEqual([])
  for (const empty of ['', ' \n']) {
    const problems = problemsOf({ [variableOf(name)]: empty })
    expect(problems).toHaveLength(EMPTY[name] === 'not given' ? 0 : 1)
    for (const problem of problems) {
      expect(problem).toContain(`Invalid value "" for \`${name}\`: the expression is empty; ${EMPTY[name]} `)
    }
  }
})

test('a guard’s empty value is said to be turned off with none', () => {
  expect(problemsOf({ 'INPUT_REFUSE-STATES': '' })[0]).toContain('write `none` to turn the guard off')
})

describe('an input that does not exist', () => {
  test.each([
    ['dry_run', 'dry-run'],
    ['dryrun', 'dry-run'],
    ['dry run', 'dry-run'],
    ['refuse-state', 'refuse-states'],
    ['refused-states', 'refuse-states'],
    ['exclude_ids_file', 'exclude-ids-file'],
    ['exclude-id-files', 'exclude-ids-file'],
    ['max_to_enable', 'max-to-enable'],
    ['max-enable', 'max-to-enable'],
    ['identity_id', 'identity-ids'],
    ['Tenants', 'tenant'],
    ['tennant', 'tenant'],
    ['skipenable', 'skip-enabled'],
    ['verfiy', 'verify'],
    ['stil_listed', 'still-listed'],
    ['something-else-altogether', ''],
  ])('%s is an error that names the nearest one', (name, nearest) => {
    expect(problemsOf({ [variableOf(name)]: '' })).toEqual([
      expect.stringMatching(
        `^There is no input named \`${name.toLowerCase().replace(' ', '_')}\`\\. The nearest one is \`${nearest}.*\`\\. Correct`,
      ),
    ])
  })

  test.each([
    'INPUT_METHOD',
    'INPUT_MODE',
    'INPUT_ARGS',
    'INPUT_ENTRYPOINT',
    'XINPUT_DRY-RUNS',
    'INPUT',
    'input_dry_run',
  ])('%s is none of ours', (variable) => expect(problemsOf({ [variable]: 'x' })).toEqual([]))

  test('a name of any length is compared', () => {
    expect(
      problemsOf({ [`INPUT_${'X'.repeat(100_000)}`]: '', [`INPUT_-${'X'.repeat(100_000)}`]: '' }),
    ).toHaveLength(1)
  })
})
