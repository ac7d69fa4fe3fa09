import { expect, test } from '@jest/globals'

import { setScene, tell, tellWithoutCare, WAYS, type Way } from '../../dev/demo/leavers.ts'
import { runAction } from '../../dev/run-action.ts'
import { startTenant } from '../../dev/tenant/tenant.ts'
import { DEMO_CREDENTIAL } from '../../dev/tenant/tokens.ts'

const enabledIn = ({ tenant }: Awaited<ReturnType<typeof setScene>>): string[] =>
  tenant.enabled.map(({ id }) => id)

test.each(Object.keys(WAYS) as Way[])(
  'ten applied, two disabled by HR, five added: with the %s, exactly the five are enabled',
  async (way) => {
    const scene = await setScene(runAction)
    try {
      expect(enabledIn(scene)).toEqual(scene.before)
      const run = await tell(scene, way, runAction)
      expect(run.exitCode).toBe(0)
      expect(enabledIn(scene).slice(10)).toEqual(scene.added)
      expect(JSON.parse(run.outputs['succeeded-ids'] ?? '')).toEqual(expect.arrayContaining([...scene.added]))
      for (const id of scene.leavers)
        expect(scene.tenant.identities.get(id)).toMatchObject({ identityStatus: 'DISABLED' })
    } finally {
      await scene.tenant.stop()
    }
  },
)

test('the list alone would enable the two again, and the plan names them', async () => {
  const scene = await setScene(runAction)
  try {
    const plan = await tellWithoutCare(scene, runAction)
    expect(plan.outputs['to-enable-count']).toBe('7')
    for (const id of scene.leavers) {
      expect(plan.summary).toContain(scene.tenant.identities.get(id)?.name ?? 'no name')
    }
    expect(plan.summary).toContain('<b>terminated 2</b>')
  } finally {
    await scene.tenant.stop()
  }
})

test('an identity that changed between plan and run stays blocked in every retry', async () => {
  const tenant = await startTenant({ identities: { disabled: 2 } })
  try {
    const [stays = '', leaves = ''] = tenant.identities.keys()
    const inputs = { 'base-url': tenant.baseUrl, ...DEMO_CREDENTIAL }
    const plan = await runAction({
      inputs: { ...inputs, 'identity-ids': `${stays} ${leaves}`, 'dry-run': 'true' },
    })
    tenant.change(leaves, { lifecycleState: 'leaver' })
    const tries = []
    for (let report = plan.report; tries.length < 3; report = tries.at(-1)?.report ?? null) {
      tries.push(
        await runAction({
          inputs: { ...inputs, 'from-report': 'r.json' },
          files: { 'r.json': report ?? '' },
        }),
      )
    }
    expect(tries.map(({ exitCode }) => exitCode)).toEqual([1, 1, 1])
    for (const { outputs } of tries) expect(outputs['failed-ids']).toBe(JSON.stringify([leaves]))
    expect(tenant.enabled.map(({ id }) => id)).toEqual([stays])
  } finally {
    await tenant.stop()
  }
})
