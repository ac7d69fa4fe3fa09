/** Compiles the sources and bundles them: `node dev/build.ts [folder]`, by default into `dist/`. */
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

import { minify } from 'terser'

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

async function bundle(entry: string, folder: string): Promise<void> {
  const options = ['--target', 'es2024', '--no-cache']
  node('@vercel/ncc/dist/ncc/cli.js', 'build', join(compiled, 'src', entry), '--out', folder, ...options)
  // Not ncc's --minify, which keeps the parts of libraries that no code uses: a third of what a run has to parse.
  for (const name of globSync('*.js', { cwd: folder })) {
    const file = join(folder, name)
    const { code = '' } = await minify(readFileSync(file, 'utf8'), { module: true, ecma: 2020 })
    writeFileSync(file, code)
  }
}

rmSync(compiled, { recursive: true, force: true })
node('@typescript/native/bin/tsc', '--project', 'tsconfig.build.json', '--outDir', compiled)
rmSync(out, { recursive: true, force: true })
await bundle('index.js', out)
await bundle('comment.js', join(out, 'comment'))
writeFileSync(join(out, 'licenses.txt'), licencesText(productionLicences(root)))
