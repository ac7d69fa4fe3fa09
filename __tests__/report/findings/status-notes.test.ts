import { describe, expect, it } from '@jest/globals'

import type { Observation } from '../../../src/identity.ts'
import { statusNotes } from '../../../src/report/findings/status-notes.ts'
import { identity } from '../../support/run-report.ts'

const seen = (identityStatus: string | null): Observation => ({
  identityStatus,
  lifecycleState: null,
  isLifecycleKnown: true,
  name: null,
})

describe('notes', () => {
  it('tell how many there are of whose status there is more to say', () => {
    const observed = ['LOCKED', 'ACTIVE', 'LOCKED', 'ERROR'].map(seen)
    const identities = observed.map((observation, n) => identity(`a${n}`, { observed: observation }))
    expect(statusNotes(identities, 'already enabled')).toEqual([
      '2 identities already enabled: LOCKED (enabling does not unlock).',
      '1 identity already enabled: ERROR (ISC reports an error for it, which enabling does not mend).',
    ])
  })

  it('are none where all is well, absent or not read', () => {
    const observed = [seen('ACTIVE'), seen(null), 'absent' as const, null]
    const identities = observed.map((observation, n) => identity(`a${n}`, { observed: observation }))
    expect(statusNotes(identities, 'already enabled')).toEqual([])
  })
})
