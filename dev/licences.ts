import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A package that production needs, and so the bundle may hold. */
export interface Licensed {
  readonly name: string
  readonly version: string
  readonly licence: string
  readonly text: string
}

interface Lockfile {
  readonly packages: Readonly<
    Record<
      string,
      { version?: string; license?: string; dev?: boolean; devOptional?: boolean; link?: boolean }
    >
  >
}

/** All production packages with their licences, by name. (ncc's own list misses ES modules.) */
export function productionLicences(root: string): Licensed[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lockfile
  return Object.entries(packages)
    .filter(([path, { dev, devOptional, link }]) => isInstalled(path) && !dev && !devOptional && !link)
    .map(([path, { version = '', license = 'unknown' }]) => {
      const folder = join(root, path)
      const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name))
      const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n')
      return { name: path.replace(/^.*node_modules\//, ''), version, licence: license, text: text.trim() }
    })
}

/** Other paths are the root and what of the repository itself is linked in. */
function isInstalled(path: string): boolean {
  return path.startsWith('node_modules/')
}

/** The file beside the bundle. */
export function licencesText(packages: readonly Licensed[]): string {
  const rule = '-'.repeat(78)
  return packages
    .map(({ name, version, licence, text }) => `${name} ${version}\n${licence}\n\n${text}\n`)
    .join(`\n${rule}\n\n`)
}
