/**
 * A line of a step's output as GitHub's log shows it: commands are carried out or rendered, masked text is
 * not shown. Returns null for a line that is not shown at all.
 */
export function createLogView(): (line: string) => string | null {
  const masks: string[] = []
  return (line) => {
    const [, name, data = ''] = /^::([a-z-]+)(?: [^:]*)?::(.*)$/.exec(line) ?? []
    if (name === 'add-mask') masks.push(data)
    if (name === 'add-mask' || name === 'debug' || name === 'endgroup') return null
    const shown = masks.reduce((text, mask) => text.replaceAll(mask, '***'), name === undefined ? line : data)
    const text = shown.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%')
    return name === undefined ? shown : `${PREFIXES[name] ?? ''}${text}`
  }
}

const PREFIXES: Readonly<Record<string, string>> = {
  group: '▾ ',
  error: 'Error: ',
  warning: 'Warning: ',
  notice: 'Notice: ',
}
