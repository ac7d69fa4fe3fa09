import { Secrets } from '../sailpoint/answers/secrets.ts'
import type { Credential } from '../settings.ts'
import { INPUTS } from './known-inputs.ts'
import type { Values } from './values.ts'

/** What an Authorization header can carry (RFC 6750, section 2.1). */
const BEARER_TOKEN = /^[A-Za-z0-9._~+/-]+=*$/

/** Signs that a text is not the secret itself, but a part of it, a name for it, or more than the secret. */
const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/^.{0,7}$/s, 'has fewer than 8 characters'],
  [/[\r\n]/, 'has a line break'],
  [/^["'`‘“].*["'`’”]$/, 'has quotes around it'],
  [/^\{/, 'begins with {, as JSON or a template does'],
  [/^\$/, 'begins with $, as a variable that was not replaced does'],
  [/\\n$/, 'ends with \\n, as a line break that was escaped does'],
  [/(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u, 'has a character that cannot be seen'],
]

/** Removes every given secret from all problems, also where it is between other words or in quotes. */
export function hideSecrets(values: Values): void {
  const secrets = new Secrets()
  const given = [values.text('token'), values.text('client-secret'), values.variable('SAIL_CLIENT_SECRET')]
  for (const part of given.flatMap((text) =>
    text ? [text, JSON.stringify(text).slice(1, -1), ...text.split(/[\s"'`]+|\\n/)] : [],
  ))
    if (!Object.hasOwn(INPUTS, part)) secrets.add(part)
  values.problems.redactBy((text) => secrets.redact(text))
}

/**
 * The credential from `token`, or from `client-id` and `client-secret`, or from SAIL_CLIENT_ID and SAIL_CLIENT_SECRET.
 * Each secret is checked, and then given to `mask`, before anything else uses it. Returns null where there is none,
 * which is a problem unless `optional` (a dry run in a pull request from a fork has no secrets); in that case, half a
 * pair counts as none.
 */
export function readCredential(
  values: Values,
  mask: (secret: string) => void,
  optional: boolean,
): Credential | null {
  const { problems } = values
  const isUsable = (name: string, secret: string): boolean => {
    const fault = FAULTS.find(([pattern]) => pattern.test(secret))?.[1]
    if (fault === undefined) mask(secret)
    else
      problems.add(
        `Invalid value (not shown) for ${name}: it ${fault}. Set the secret itself, and nothing else.`,
      )
    return fault === undefined
  }
  const token = values.text('token')
  const idInput = values.text('client-id')
  const secretInput = values.text('client-secret')
  if (token !== null) {
    const hasOddCharacters = isUsable('`token`', token) && !BEARER_TOKEN.test(token)
    if (secretInput !== null) isUsable('`client-secret`', secretInput)
    if (idInput !== null || secretInput !== null) {
      const other = idInput === null ? 'client-secret' : 'client-id'
      problems.add(
        `\`token\` and \`${other}\` are both set. Set \`token\`, or \`client-id\` and \`client-secret\`, but not both.`,
      )
    } else if (hasOddCharacters)
      problems.add(
        'Invalid value (not shown) for `token`: it has characters that no access token has, such as white space. Set the JWT itself, without "Bearer".',
      )
    return { kind: 'token', token }
  }
  const clientId = idInput ?? values.variable('SAIL_CLIENT_ID')
  const clientSecret = secretInput ?? values.variable('SAIL_CLIENT_SECRET')
  if (clientSecret !== null)
    isUsable(
      secretInput === null ? 'the environment variable `SAIL_CLIENT_SECRET`' : '`client-secret`',
      clientSecret,
    )
  if (clientId !== null && clientSecret !== null) return { kind: 'client', clientId, clientSecret }
  if (!optional) problems.add(missing(clientId, clientSecret))
  return null
}

function missing(clientId: string | null, clientSecret: string | null): string {
  const hint =
    'If you set them from GitHub secrets, check that both secrets exist for this repository or environment. Pull requests from forks get no secrets.'
  if (clientId !== null)
    return `\`client-id\` is set without \`client-secret\` (environment variable \`SAIL_CLIENT_SECRET\`). Set both. ${hint}`
  if (clientSecret !== null)
    return '`client-secret` is set without `client-id` (environment variable `SAIL_CLIENT_ID`). Set both.'
  return `There is no credential. Set \`client-id\` and \`client-secret\` (a personal access token), or \`token\`. ${hint}`
}
