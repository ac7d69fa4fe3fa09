import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { ROOT } from '../run-action.ts'
import { summaryPage, type Theme } from '../summary-page.ts'

/** A page with one summary and its diagrams drawn. Installs Mermaid into this folder the first time. */
export async function illustratedPage(markdown: string, theme: Theme): Promise<string> {
  execFileSync(process.execPath, [join(ROOT, 'dev', 'setup.js'), import.meta.dirname], { stdio: 'inherit' })
  const isIllustrated = markdown.includes('```mermaid')
  return await summaryPage([{ title: '', markdown }], theme, isIllustrated ? await drawing(theme) : '')
}

async function drawing(theme: Theme): Promise<string> {
  const path = join(import.meta.dirname, 'node_modules', 'mermaid', 'dist', 'mermaid.min.js')
  const mermaid = await readFile(path, 'utf8')
  return `<script>${mermaid.replaceAll('</script', '<\\/script')}</script>
<script>
mermaid.initialize({ startOnLoad: false, theme: '${theme === 'dark' ? 'dark' : 'default'}' })
for (const code of document.querySelectorAll('code.language-mermaid')) {
  const diagram = document.createElement('div')
  diagram.className = 'mermaid'
  diagram.textContent = code.textContent
  code.parentElement.replaceWith(diagram)
}
mermaid.run()
</script>`
}
