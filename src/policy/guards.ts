import type { Identity } from '../identity.ts'

/** Why so many may not be enabled (`max-to-enable`), or null when they may. */
export function tooManyToEnable(toEnable: number, maxToEnable: number | null): string | null {
  if (maxToEnable === null || toEnable <= maxToEnable) return null
  const identities = toEnable === 1 ? '1 identity is' : `${toEnable} identities are`
  return `${identities} to be enabled, and max-to-enable accepts ${maxToEnable}. Split the list, or raise max-to-enable; then plan again.`
}

/** Whether this looks like the wrong tenant or the wrong list: of two or more identities, the tenant knows none. */
export function isOfAnotherTenant(identities: readonly Pick<Identity, 'cause'>[]): boolean {
  return identities.length >= 2 && identities.every(({ cause }) => isUnknown(cause))
}

/** Why a list that looks like one of another tenant is not gone on with; null for any other. */
export function knownToNobody(
  identities: readonly Pick<Identity, 'cause'>[],
  baseUrl: string,
): string | null {
  if (!isOfAnotherTenant(identities)) return null
  return `None of the ${identities.length} identities is known to ${new URL(baseUrl).host}: it is the wrong tenant, or a list for another one. Check the inputs tenant (or base-url) and the list.`
}

/** ISC answers 404 to an identity that the tenant does not have. */
function isUnknown(cause: Identity['cause']): boolean {
  return cause?.kind === 'absent' || (cause?.kind === 'answered' && cause.statusCode === 404)
}

/** Why a report may not be taken: it is about another tenant than this run, as far as both are known. */
export function otherTenant(reportBaseUrl: string | null, baseUrl: string | null): string | null {
  if (reportBaseUrl === null || baseUrl === null || reportBaseUrl === baseUrl) return null
  return `Input from-report: the report is about ${reportBaseUrl || 'no tenant'}, and this run is for ${baseUrl || 'no tenant'}; give the report of a run for the same tenant.`
}
