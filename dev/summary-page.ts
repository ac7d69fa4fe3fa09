import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

export type Theme = 'light' | 'dark'

/** A page that shows job summaries as GitHub does: their Markdown (GitHub-flavoured) and its style. */
export async function summaryPage(
  summaries: readonly { readonly title: string; readonly markdown: string }[],
  theme: Theme,
): Promise<string> {
  const { marked } = (await import('marked')) as { marked: { parse(text: string): Promise<string> | string } }
  const css = createRequire(import.meta.url).resolve(`github-markdown-css/github-markdown-${theme}.css`)
  const articles = await Promise.all(
    summaries.map(
      async ({ title, markdown }) =>
        `${summaries.length > 1 ? `<h2>${escaped(title)}</h2>` : ''}${await marked.parse(markdown)}`,
    ),
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Job summary</title>
<style>${await readFile(css, 'utf8')}</style>
<style>body { margin: 0 } .markdown-body { box-sizing: border-box; max-width: 1012px; padding: 24px }</style>
</head>
<body class="markdown-body">
${articles.join('\n<hr>\n')}
</body>
</html>
`
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
}
