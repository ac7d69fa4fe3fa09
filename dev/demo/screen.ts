import { runAction, type ActionRun } from '../run-action.ts'
import { createLogView } from './log-view.ts'

/** One run of the action, as the step of a workflow. */
export interface Step {
  readonly title: string
  readonly inputs: Readonly<Record<string, string>>
  readonly files: Readonly<Record<string, string>>
}

/** Runs a step; a story is told in these. */
export type RunStep = (step: Step) => Promise<ActionRun>

/** Runs steps on the terminal, and keeps their summaries. */
export class Screen {
  readonly summaries: { readonly title: string; readonly markdown: string }[] = []
  readonly #withLog: boolean
  readonly #withMarkdown: boolean

  constructor({ withLog, withMarkdown }: { readonly withLog: boolean; readonly withMarkdown: boolean }) {
    this.#withLog = withLog
    this.#withMarkdown = withMarkdown
  }

  readonly run: RunStep = async ({ title, inputs, files }) => {
    headline(title)
    console.log(`  ${shownInputs(inputs)}`)
    const view = createLogView()
    const onLine = (line: string): void => {
      const shown = view(line)
      if (shown !== null && this.#withLog) console.log(`  │ ${shown}`)
    }
    const run = await runAction({ inputs, files, onLine })
    this.summaries.push({ title, markdown: run.summary })
    const [verdict = '', , breakdown = ''] = run.summary.split('\n')
    console.log(`  ${plain(verdict)}`)
    if (/^(Would enable|Enabled|Accepted) \d/.test(breakdown)) console.log(`  ${plain(breakdown)}`)
    console.log(`  ${shownCounts(run)}`)
    if (this.#withMarkdown) console.log(`\n${run.summary}`)
    return run
  }
}

export function headline(text: string): void {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 76 - text.length))}`)
}

/** The inputs as one line, without the secret and what every step has. */
function shownInputs(inputs: Readonly<Record<string, string>>): string {
  const hidden = ['client-secret', 'client-id', 'base-url']
  return Object.entries(inputs)
    .filter(([name]) => !hidden.includes(name))
    .map(([name, value]) => `${name}: ${value.includes('\n') ? '…' : value}`)
    .join(' · ')
}

/** The outputs that are numbers, the exit code, and what it cost (time, requests, retries), as one line. */
function shownCounts({ outputs, exitCode, summary }: ActionRun): string {
  const counts = ['succeeded', 'failed', 'unprocessed', 'excluded', 'to-enable']
    .map((name) => [name, outputs[`${name}-count`] ?? ''] as const)
    .filter(([, value]) => value !== '' && value !== '0')
    .map(([name, value]) => `${name} ${value}`)
  const cost = /^Took .*$/m.exec(summary) ?? []
  return [...counts, `exit code ${exitCode ?? 'none'}`, ...cost].join(' · ')
}

/** A headline of the summary as it reads. */
function plain(markdown: string): string {
  return markdown
    .replace(/^#+ /, '')
    .replaceAll('<wbr>', '')
    .replaceAll('&nbsp;', ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
}
