import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { ROOT } from '../run-action.ts'

export type Theme = 'light' | 'dark'

const packages = join(import.meta.dirname, 'node_modules')

/**
 * A page that shows a job summary as GitHub does: its Markdown (GitHub-flavoured), its style, its diagrams.
 * Installs what it needs into a folder of its own the first time.
 */
export async function summaryPage(markdown: string, theme: Theme): Promise<string> {
  execFileSync(process.execPath, [join(ROOT, 'dev', 'setup.js'), import.meta.dirname], { stdio: 'inherit' })
  const { marked } = (await import('marked')) as { marked: { parse(text: string): Promise<string> | string } }
  const style = await readFile(join(packages, 'github-markdown-css', `github-markdown-${theme}.css`), 'utf8')
  const body = await marked.parse(markdown)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Job summary</title>
<style>${style}</style>
<style>body { margin: 0 } .markdown-body { box-sizing: border-box; max-width: 1012px; padding: 24px }</style>
</head>
<body class="markdown-body">
${body}
${body.includes('language-mermaid') ? await diagrams(theme) : ''}
</body>
</html>
`
}

async function diagrams(theme: Theme): Promise<string> {
  const mermaid = await readFile(join(packages, 'mermaid', 'dist', 'mermaid.min.js'), 'utf8')
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
