/** Compiles the sources and bundles them: `node dev/build.ts [folder]`, by default into `dist/`. */
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

import { licencesText, productionLicences } from './licences.ts'

const root = dirname(import.meta.dirname)
const out = resolve(process.argv[2] ?? join(root, 'dist'))
const compiled = join(root, 'build', 'compiled')

function node(script: string, ...args: string[]): void {
  execFileSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
  })
}

function bundle(entry: string, folder: string): void {
  const options = ['--minify', '--target', 'es2024', '--no-cache']
  node('@vercel/ncc/dist/ncc/cli.js', 'build', join(compiled, 'src', entry), '--out', folder, ...options)
}

rmSync(compiled, { recursive: true, force: true })
node('@typescript/native/bin/tsc', '--project', 'tsconfig.build.json', '--outDir', compiled)
rmSync(out, { recursive: true, force: true })
bundle('index.js', out)
bundle('comment.js', join(out, 'comment'))
writeFileSync(join(out, 'licenses.txt'), licencesText(productionLicences(root)))
