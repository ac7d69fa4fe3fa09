import type { Identity } from '../identity.ts'

/** Why so many may not be enabled (`max-to-enable`), or null when they may. */
export function tooManyToEnable(toEnable: number, maxToEnable: number | null): string | null {
  if (maxToEnable === null || toEnable <= maxToEnable) return null
  return `Input max-to-enable: ${toEnable} identities are not enabled yet, and at most ${maxToEnable} are accepted. Nothing was sent. Look at the plan (dry-run: true); if it is right, raise max-to-enable.`
}

/**
 * Why this looks like the wrong tenant or the wrong list, or null: two or more identities were asked for, and the
 * tenant knows none of them.
 */
export function knownToNobody(
  identities: readonly Pick<Identity, 'cause'>[],
  baseUrl: string,
): string | null {
  if (identities.length < 2 || !identities.every(({ cause }) => isUnknown(cause))) return null
  return `None of the ${identities.length} identities is known to ${new URL(baseUrl).host}: it is the wrong tenant, or a list for another one. Check the inputs tenant (or base-url) and the list.`
}

/** ISC answers 404 to an identity that the tenant does not have. */
function isUnknown(cause: Identity['cause']): boolean {
  return cause?.kind === 'absent' || (cause?.kind === 'answered' && cause.statusCode === 404)
}

/** Why a report may not be taken: it is about another tenant than this run, as far as both are known. */
export function otherTenant(reportBaseUrl: string | null, baseUrl: string | null): string | null {
  if (reportBaseUrl === null || baseUrl === null || reportBaseUrl === baseUrl) return null
  return `Input from-report: the report is about ${reportBaseUrl}, and this run is for ${baseUrl || 'no tenant'}; give the report of a run for the same tenant.`
}
