import type { Fate } from '../findings/fates.ts'

/** How a fate is shown: the circle has the colour of its slice in the pie. */
export interface Label {
  readonly icon: string
  readonly text: string
  readonly colour: string
}

/** In the order of the tables: what a reviewer approves comes first. Colours are GitHub's own. */
export const LABELS: Readonly<Record<Fate, Label>> = {
  enable: { icon: '🟢', text: 'Would enable', colour: '#2da44e' },
  confirmed: { icon: '🟢', text: 'Enabled', colour: '#2da44e' },
  accepted: { icon: '🟢', text: 'Accepted', colour: '#2da44e' },
  'already-enabled': { icon: '🔵', text: 'Already enabled', colour: '#0969da' },
  failed: { icon: '🔴', text: 'Failed', colour: '#cf222e' },
  'not-found': { icon: '🔴', text: 'Not found', colour: '#cf222e' },
  unresolved: { icon: '🟠', text: 'Without a match', colour: '#bc4c00' },
  refused: { icon: '🟣', text: 'Refused', colour: '#8250df' },
  ignored: { icon: '🟡', text: 'Failed, ignored', colour: '#9a6700' },
  unprocessed: { icon: '⚪', text: 'Not processed', colour: '#6e7781' },
  unknown: { icon: '⚪', text: 'State unknown', colour: '#6e7781' },
}

export const FATES = Object.keys(LABELS) as readonly Fate[]
