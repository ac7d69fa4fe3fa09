/**
 * Writes the bill of materials of what is bundled into dist/ to stdout, as CycloneDX: `node dev/bill-of-materials.js`.
 * npm makes it of a copy without development packages: with `--omit dev`, it omits packages that both kinds need
 * (https://github.com/npm/cli/issues/7909).
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'

const root = dirname(import.meta.dirname)
const temporary = mkdtempSync(join(tmpdir(), 'materials-'))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
delete manifest.devDependencies
const folder = join(temporary, manifest.name) // the name of the whole, as npm sees it
mkdirSync(folder)
for (const name of ['package-lock.json', 'stubs'])
  cpSync(join(root, name), join(folder, name), { recursive: true })
writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))

const npm = (command) =>
  execFileSync(`npm ${command}`, {
    cwd: folder,
    encoding: 'utf8',
    shell: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
npm('install --package-lock-only --offline --ignore-scripts --no-audit --no-fund')
process.stdout.write(npm('sbom --sbom-format cyclonedx --sbom-type application --package-lock-only'))
rmSync(temporary, { recursive: true })
