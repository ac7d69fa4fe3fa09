import * as core from '@actions/core'

import { forAnnotation, forLog } from '../words/harmless.ts'

/** The commands of the runner that a log consists of. */
export type LogCommands = Pick<typeof core, 'info' | 'debug' | 'warning' | 'startGroup' | 'endGroup'>

/** Where every line goes that people read while the run goes on. Any text may be given: it is made harmless. */
export interface Log {
  readonly info: (line: string) => void
  /** Written only when the workflow was started with debug logging. */
  readonly debug: (line: string) => void
  /** Also an annotation of the run. */
  readonly warning: (message: string) => void
  /** Begins a folded group, and ends the one before: the runner does not nest them. */
  readonly group: (name: string) => void
  readonly endGroup: () => void
}

export function createLog(isDebug: boolean, commands: LogCommands = core): Log {
  let isOpen = false
  const endGroup = (): void => {
    if (isOpen) commands.endGroup()
    isOpen = false
  }
  return {
    info: (line) => commands.info(forLog(line)),
    debug: (line) => {
      if (isDebug) commands.debug(forLog(line))
    },
    warning: (message) => commands.warning(forAnnotation(message)),
    group: (name) => {
      endGroup()
      commands.startGroup(forLog(name))
      isOpen = true
    },
    endGroup,
  }
}
