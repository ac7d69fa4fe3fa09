import type { AddedSince, Settings } from '../../settings.ts'
import { clip } from '../words/harmless.ts'
import { countText } from '../words/numbers.ts'

/** Every guard that is on with its value, what is off, the tenant, and the proxy (`host:port`; null: none). */
export function guardLines(settings: Settings, proxy: string | null): string[] {
  const { list, baseUrl, apiVersion, refuseStates, maxToEnable } = settings
  const guards: Readonly<Record<string, string | null>> = {
    'exclude-ids-file': listed(list.excludeFiles),
    'still-listed': listed(list.stillListed),
    'refuse-states': refuseStates.size === 0 ? null : listed([...refuseStates.values()]),
    'max-identities': number(list.maxIdentities),
    'max-to-enable': number(maxToEnable),
    'added-since': addedSinceText(list.addedSince),
  }
  const entries = Object.entries(guards)
  const on = entries.filter(([, value]) => value !== null)
  const off = entries.filter(([, value]) => value === null).map(([name]) => `\`${name}\``)
  const through = proxy === null ? 'without a proxy' : `through the proxy ${clip(proxy, 300)}`
  return [
    ...on.map(([name, value]) => `Guard on: \`${name}\` ${value ?? ''}`),
    ...(off.length === 0 ? [] : [`Guards off: ${off.join(', ')}.`]),
    baseUrl === ''
      ? 'No tenant is set: the action checks the list, and asks ISC nothing.'
      : `Tenant: ${baseUrl}, API ${apiVersion}, ${through}.`,
  ]
}

function listed(texts: readonly string[] | null): string | null {
  return texts === null ? null : texts.map((text) => clip(text, 100)).join(', ')
}

function number(value: number | null): string | null {
  return value === null ? null : countText(value)
}

function addedSinceText(since: AddedSince): string | null {
  switch (since.kind) {
    case 'beginning':
      return null
    case 'event':
      return 'event'
    case 'commit':
      return since.revision
    case 'folder':
      return `${since.folder}/`
  }
}
