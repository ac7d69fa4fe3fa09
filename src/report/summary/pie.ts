import { identitiesText, percentText } from '../words/numbers.ts'
import { FATES, LABELS } from './labels.ts'
import type { Fate } from '../findings/fates.ts'

/** The table above says it of few identities, or of two parts; a picture helps from three on that can be seen in it. */
const FEWEST_IDENTITIES = 50
const FEWEST_SLICES = 3
const LEAST_SHARE = 0.03

/** Legible in GitHub's light and dark themes alike, whichever the reader has. */
const STYLE = {
  pieOpacity: '1',
  pieSectionTextColor: '#ffffff',
  pieLegendTextColor: '#848d97',
  pieStrokeColor: '#848d97',
  pieStrokeWidth: '1px',
  pieOuterStrokeWidth: '0px',
}

/** What became of how many, as a Mermaid diagram; empty where a table says as much. */
export function pie(counts: Readonly<Record<Fate, number>>, total: number): string {
  // In order of size, as Mermaid draws them, so that each keeps its colour.
  const slices = FATES.filter((fate) => counts[fate] > 0).sort((a, b) => counts[b] - counts[a])
  if (total < FEWEST_IDENTITIES) return ''
  if (slices.filter((fate) => counts[fate] >= LEAST_SHARE * total).length < FEWEST_SLICES) return ''
  const colours = Object.fromEntries(slices.map((fate, index) => [`pie${index + 1}`, LABELS[fate].colour]))
  const init = JSON.stringify({ themeVariables: { ...STYLE, ...colours } })
  const shares = slices.map((fate) => `${LABELS[fate].text} ${percentText(counts[fate], total)}`)
  return [
    '```mermaid',
    `%%{init: ${init}}%%`,
    'pie showData',
    '  accTitle: What became of the identities',
    `  accDescr: Of ${identitiesText(total)}, ${shares.join(', ')}`,
    ...slices.map((fate) => `  "${LABELS[fate].text}" : ${counts[fate]}`),
    '```',
  ].join('\n')
}
