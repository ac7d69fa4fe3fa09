/** A command that the runner carries out. */
export interface WorkflowCommand {
  /** In lower case. */
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

/** All that the runner knows (its ActionCommandManager.cs). */
const REGISTERED: ReadonlySet<string> = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'internal-set-repo-path',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
])

/** White space as .NET's `TrimStart` has it. */
const WHITE_SPACE = /^[\p{Z}\t\n\v\f\r\x85]+/u

/** What a comparison by culture, as the runner's, does not see. */
const IGNORED_BY_CULTURE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

/**
 * The commands that the runner finds in a process's output (stdout or stderr), as its ActionCommand.cs reads
 * it. Stricter in one way: a line that is a command only for someone who overlooks invisible characters, as
 * .NET's comparisons may, counts as one.
 */
export function parseWorkflowCommands(output: string): WorkflowCommand[] {
  const commands: WorkflowCommand[] = []
  let resumeToken: string | null = null
  for (const line of output.split(/\r\n|\r|\n/)) {
    const command = parseWorkflowCommand(line, resumeToken)
    if (command === null) continue
    if (resumeToken === null) {
      commands.push(command)
      if (command.name === 'stop-commands') resumeToken = command.data.toLowerCase()
    } else if (command.name === resumeToken) {
      resumeToken = null
    }
  }
  return commands
}

/** The command in one line of output, or null; `resumeToken` is a command too. */
export function parseWorkflowCommand(
  line: string,
  resumeToken: string | null = null,
): WorkflowCommand | null {
  const isKnown = (name: string): boolean =>
    REGISTERED.has(name.toLowerCase()) || name.toLowerCase() === resumeToken
  const parse = (text: string): WorkflowCommand | null =>
    parseColons(text, isKnown) ?? parseHashes(text, isKnown)
  return parse(line) ?? parse(line.replace(IGNORED_BY_CULTURE, ''))
}

type IsKnown = (name: string) => boolean

/** `::name key=value,key=value::data`, after white space. */
function parseColons(line: string, isKnown: IsKnown): WorkflowCommand | null {
  const text = line.replace(WHITE_SPACE, '')
  const end = text.indexOf('::', 2)
  if (!text.startsWith('::') || end < 0) return null
  const unescape = (escaped: string): string => unescapeAll(escaped, { '%0D': '\r', '%0A': '\n', '%25': '%' })
  const unescapeProperty = (escaped: string): string =>
    unescapeAll(escaped, { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' })
  return commandOf(text.slice(2, end), ',', isKnown, unescapeProperty, unescape(text.slice(end + 2)))
}

/** `##[name key=value;key=value]data`, anywhere. */
function parseHashes(line: string, isKnown: IsKnown): WorkflowCommand | null {
  const start = line.indexOf('##[')
  const end = line.indexOf(']', start)
  if (start < 0 || end < 0) return null
  const unescape = (escaped: string): string =>
    unescapeAll(escaped, { '%3B': ';', '%0D': '\r', '%0A': '\n', '%5D': ']', '%25': '%' })
  return commandOf(line.slice(start + 3, end), ';', isKnown, unescape, unescape(line.slice(end + 1)))
}

function commandOf(
  info: string,
  separator: string,
  isKnown: IsKnown,
  unescape: (escaped: string) => string,
  data: string,
): WorkflowCommand | null {
  const [name = '', ...rest] = info.split(' ')
  if (!isKnown(name)) return null
  const properties: Record<string, string> = {}
  for (const pair of rest.join(' ').trim().split(separator)) {
    const [key = '', ...value] = pair.split('=')
    if (key !== '' && value.join('=') !== '') properties[key] = unescape(value.join('='))
  }
  return { name: name.toLowerCase(), properties, data }
}

/** One replacement after the other, as the runner does it. */
function unescapeAll(escaped: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((text, [from, to]) => text.replaceAll(from, to), escaped)
}
