import { on } from 'node:events'
import { parentPort, Worker, workerData } from 'node:worker_threads'

import type { ListSink, OnEntry } from './list-sink.ts'
import { readYaml } from './yaml-list.ts'

/** The library reads YAML in one go. Up to so many characters (half a second at worst) nobody waits for that. */
const SMALL = 64 * 1024

/** Heap of the thread, in MiB: with all else, a run stays below 2 GiB. */
const HEAP_MIB = 1_400

/** Entries and problems that are handed over at once. */
const BATCH = 1_000

interface Task {
  readonly text: string
  readonly column: string | null
}

/** An entry, or a problem, with its line. */
type Finding = readonly [kind: 'entry' | 'problem', text: string, line: number | null]

/** What the thread sends: findings, and null when it has come to the end. */
type Message = readonly Finding[] | null

/** The program itself, which answers in a thread: the bundle, or the sources. */
const PROGRAM = new URL(import.meta.url.endsWith('.ts') ? '../../index.ts' : 'index.js', import.meta.url)

/**
 * Reads YAML, of any size in a thread of its own, so that a cancel is noticed meanwhile and memory is bounded.
 * @throws the reason of `stop` when it is aborted
 */
export async function readYamlApart(
  text: string,
  column: string | null,
  sink: ListSink,
  stop?: AbortSignal,
  heapMib = HEAP_MIB,
): Promise<void> {
  if (text.length <= SMALL) return await readYaml(text, column, sink)
  const task: Task = { text, column }
  const thread = new Worker(PROGRAM, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: heapMib },
  })
  let isWhole = false
  try {
    for await (const [message] of on(thread, 'message', {
      close: ['exit'],
      ...(stop && { signal: stop }),
    })) {
      const findings = message as Message
      isWhole = findings === null
      for (const [kind, found, line] of findings ?? []) {
        if (kind === 'entry') sink.onEntry(found, line)
        else sink.onProblem(found, line)
      }
    }
    if (!isWhole) throw new Error('The thread that reads YAML ended before its end.')
  } catch (error) {
    stop?.throwIfAborted()
    if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error
    sink.onProblem('it takes too much memory to read as YAML; give the list as .txt or .csv', null)
  } finally {
    await thread.terminate()
  }
}

/** What the program does where it runs as such a thread. */
export async function answerFromThread(): Promise<void> {
  const { text, column } = workerData as Task
  let findings: Finding[] = []
  const send = (message: Message): void => parentPort?.postMessage(message)
  const add =
    (kind: Finding[0]): OnEntry =>
    (found, line) => {
      findings.push([kind, found, line])
      if (findings.length < BATCH) return
      send(findings)
      findings = []
    }
  await readYaml(text, column, { onEntry: add('entry'), onProblem: add('problem') })
  send(findings)
  send(null)
}
