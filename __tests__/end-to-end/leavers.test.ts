import { expect, test } from '@jest/globals'

import { setScene, tell, tellWithoutCare, WAYS, type Way } from '../../dev/demo/leavers.ts'
import { runAction } from '../../dev/run-action.ts'

const enabledIn = ({ tenant }: Awaited<ReturnType<typeof setScene>>): string[] =>
  tenant.enabled.map(({ id }) => id)

test.each(Object.keys(WAYS) as Way[])(
  'ten applied, two disabled by HR, one added: with the %s, exactly the one is enabled',
  async (way) => {
    const scene = await setScene(runAction)
    try {
      expect(enabledIn(scene)).toEqual(scene.before)
      const run = await tell(scene, way, runAction)
      expect(run.exitCode).toBe(0)
      expect(enabledIn(scene).slice(10)).toEqual([scene.added])
      expect(JSON.parse(run.outputs['succeeded-ids'] ?? '')).toContain(scene.added)
      for (const id of scene.leavers)
        expect(scene.tenant.identities.get(id)).toMatchObject({ identityStatus: 'DISABLED' })
    } finally {
      await scene.tenant.stop()
    }
  },
)

test('the list alone would enable the two again, and the plan says who they are', async () => {
  const scene = await setScene(runAction)
  try {
    const plan = await tellWithoutCare(scene, runAction)
    expect(plan.outputs['to-enable-count']).toBe('3')
    for (const id of scene.leavers) {
      expect(plan.summary).toContain(scene.tenant.identities.get(id)?.name ?? 'nobody')
    }
    expect(plan.summary).toContain('terminated')
  } finally {
    await scene.tenant.stop()
  }
})
