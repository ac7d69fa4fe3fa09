import { parseWorkflowCommand } from '../workflow-commands.ts'

/**
 * A line of a step's output as GitHub's log shows it: commands are carried out or rendered, masked text is
 * not shown. Returns null for a line that is not shown at all.
 */
export function createLogView(): (line: string) => string | null {
  const masks: string[] = []
  return (line) => {
    const { name = null, data = line } = parseWorkflowCommand(line) ?? {}
    if (name === 'add-mask') masks.push(data)
    if (name === 'add-mask' || name === 'debug' || name === 'endgroup') return null
    return masks.reduce((text, mask) => text.replaceAll(mask, '***'), (PREFIXES[name ?? ''] ?? '') + data)
  }
}

const PREFIXES: Readonly<Record<string, string>> = {
  group: '▾ ',
  error: 'Error: ',
  warning: 'Warning: ',
  notice: 'Notice: ',
}
