import type { ApiVersion } from '../settings.ts'

/** The path of a collection; in the newest scheme the version stands after the collection's name. */
export function apiPath(version: ApiVersion, collection: string, rest = ''): string {
  return version === 'v1' ? `/${collection}/v1${rest}` : `/${version}/${collection}${rest}`
}
