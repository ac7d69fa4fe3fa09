import { existsSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'

import { describe, expect, it } from '@jest/globals'

import { isSource } from '../../src/list/list-files.ts'
import type { ListSources } from '../../src/settings.ts'
import { inWorkspace, read, type Reading } from '../support/list-reading.ts'

/** Links need a privilege on Windows, and names hold fewer characters there. */
const onPosix = process.platform === 'win32' ? it.skip : it

/** Elsewhere, a name in another case leads to the file. */
const whereCaseCounts = existsSync(import.meta.filename.toUpperCase()) ? it.skip : it

/** Text files that each hold one ID, named after them. */
const FILES = {
  'a.txt': 'a',
  'b.txt': 'b',
  'teams/c.txt': 'c',
  'teams/d.txt': 'd',
  'teams/old/e.txt': 'e',
  '.hidden.txt': 'h',
}

type Prepare = (workspace: string) => void

/** Reads what these lines name in a workspace with `FILES` and what `prepare` adds. */
async function readLines(files: readonly string[], prepare: Prepare = () => undefined): Promise<Reading> {
  return await inWorkspace(FILES, (workspace) => {
    prepare(workspace)
    return read({ files, workspace })
  })
}

const messagesOf = ({ problems }: Reading): string[] => problems.map(({ message }) => message)
const refused = (given: string, reason: string): string =>
  `Invalid path ${JSON.stringify(given)} in \`identity-ids-file\`: it ${reason}`
const ABSENT =
  'does not exist. Check the path, which is relative to the workspace, and that actions/checkout runs before this step.'
const OUTSIDE = 'is outside of the workspace. Use files of the workspace.'

describe('a file that looks like a list, and that no line matches', () => {
  const prepare: Prepare = (workspace) => {
    for (const name of ['teams/f.csv', 'teams/G.TXT', 'teams/README.md', 'H.TXT', 'tool.json'])
      writeFileSync(join(workspace, name), 'id\nx\n')
  }
  const text = (files: string, input = 'identity-ids-file'): string =>
    `The action does not read ${files}, because no line of \`${input}\` matches. Add a line for each list, or exclude the file with !.`

  it.each([
    [['teams/*.txt'], [text('"teams/G.TXT", "teams/f.csv"')]],
    [['teams/*.txt', '!teams/f.csv'], [text('"teams/G.TXT"')]],
    [['teams/*.txt', 'teams/*.csv', '!teams/G.TXT'], []],
    [
      ['teams/*.json'],
      [
        '"teams/*.json" in `identity-ids-file` matches no file, so it is an empty list. With another extension or case, it would match "teams/G.TXT". Rename the file, or correct the glob.',
      ],
    ],
    [['*.txt'], [text('"H.TXT"')]],
    [['teams/c.txt'], []],
    [['teams/?.txt', '*.txt'], [text('"H.TXT", "teams/G.TXT", "teams/f.csv"')]],
  ])('is named: %j', async (lines, warnings) => {
    const { list, problems } = await readLines(lines, prepare)
    expect({ warnings: list.warnings, problems }).toEqual({ warnings, problems: [] })
  })

  it.each([
    [5, '"a1.csv", "a2.csv", "a3.csv", "a4.csv", "a5.csv"'],
    [7, '"a1.csv", "a2.csv", "a3.csv", "a4.csv", "a5.csv" (and 2 more)'],
  ])('is named among %i', async (count, names) => {
    const { list } = await readLines(['teams/*.txt'], (workspace) => {
      for (let each = 1; each <= count; each += 1)
        writeFileSync(join(workspace, 'teams', `a${each}.csv`), 'id\nx\n')
    })
    expect(list.warnings).toEqual([text(names.replaceAll('"a', '"teams/a'))])
  })

  it.each([
    ['teams/list?.txt', ['teams/list.csv', 'teams/list1.csv'], 'teams/list1.csv'],
    ['teams/**/*.json', ['teams/c/z.txt'], 'teams/c.txt'],
  ])('is named where a glob matches nothing: %s', async (line, present, named) => {
    const { list } = await readLines([line], (workspace) => {
      for (const name of present) {
        mkdirSync(dirname(join(workspace, name)), { recursive: true })
        writeFileSync(join(workspace, name), 'id\nx\n')
      }
    })
    expect(list.warnings).toEqual([
      `"${line}" in \`identity-ids-file\` matches no file, so it is an empty list. With another extension or case, it would match "${named}". Rename the file, or correct the glob.`,
    ])
  })

  it('is none that another input reads', async () => {
    const reading = await inWorkspace({ 'lists/a.csv': 'id\na1\n', 'lists/b.txt': 'b2' }, (workspace) =>
      read({ files: ['lists/*.csv'], excludeFiles: ['lists/*.txt'], workspace }),
    )
    expect(reading).toMatchObject({ ids: ['a1'], problems: [], list: { warnings: [] } })
  })

  it.each(['B.TXT', 'A.csv', 'b.numbers', 'b.XLSM', 'b.fods', 'b.prn', 'b.tab', 'b.text', 'b.slk'])(
    'is an error beside deny lists: %s',
    async (name) => {
      const files = { 'deny/a.txt': 'b2', [`deny/${name}`]: 'a1' }
      const reading = await inWorkspace(files, (workspace) =>
        read({ inline: 'a1', excludeFiles: ['deny/*.txt'], workspace }),
      )
      expect(messagesOf(reading)).toEqual([text(`"deny/${name}"`, 'exclude-ids-file')])
    },
  )
})

describe('a line may be', () => {
  it.each([
    ['a path', 'teams/c.txt', ['c']],
    ['a path with a dot', './teams/./c.txt', ['c']],
    ['a path that comes back into the workspace', 'teams/../a.txt', ['a']],
    ['a glob', '*.txt', ['h', 'a', 'b']],
    ['a glob for one character', '?.txt', ['a', 'b']],
    ['a glob for some characters', '[bc].txt', ['b']],
    ['a glob for a folder', 'teams/*.txt', ['c', 'd']],
    ['a glob for a folder’s name', '*/d.txt', ['d']],
    ['a glob for any depth', '**/*.txt', ['h', 'a', 'b', 'c', 'd', 'e']],
    ['a glob for any depth below a folder', 'teams/**', ['c', 'd', 'e']],
    ['two exclamation marks, which cancel each other', '!!a.txt', ['a']],
  ])('%s', async (_case, line, ids) => {
    expect(await readLines([line])).toMatchObject({ ids, problems: [] })
  })

  it('an absolute path within the workspace', async () => {
    await inWorkspace(FILES, async (workspace) => {
      expect(await read({ files: [join(workspace, 'a.txt')], workspace })).toMatchObject({
        ids: ['a'],
        problems: [],
      })
    })
  })

  it('a comment', async () => {
    const reading = await readLines(['# a.txt', 'b.txt', '#c.txt', '#[z-a].txt'])
    expect(reading).toMatchObject({ ids: ['b'], problems: [] })
  })

  it('a file whose name begins with two dots', async () => {
    const reading = await readLines(['..list.txt'], (workspace) =>
      writeFileSync(join(workspace, '..list.txt'), 'x'),
    )
    expect(reading).toMatchObject({ ids: ['x'], problems: [] })
  })
})

describe('files', () => {
  it('are read in the order in which they are given, those of a glob sorted, each once', async () => {
    const reading = await readLines(['teams/**', 'b.txt', '*.txt', 'teams/c.txt'])
    expect(reading).toMatchObject({ ids: ['c', 'd', 'e', 'b', 'h', 'a'], duplicates: 0, problems: [] })
  })

  it('of a glob are sorted by their whole path', async () => {
    const { ids } = await inWorkspace({ 'a/b.txt': 'in folder', 'a.txt': 'in workspace' }, (workspace) =>
      read({ files: ['**/*.txt'], workspace }),
    )
    expect(ids).toEqual(['in', 'workspace', 'folder'])
  })

  onPosix.each([
    'joiners [2026].txt',
    '[z-a].txt',
    'a*.txt',
    'a, b.txt',
    '!a.txt',
    '#a.txt',
    '{a,b}.txt',
    'a?.txt',
    'a\\b.txt',
  ])('are named exactly before anything is a pattern: %s', async (name) => {
    const reading = await readLines([name], (workspace) => {
      writeFileSync(join(workspace, name), 'x')
      writeFileSync(join(workspace, 'joiners 2.txt'), 'y')
    })
    expect(reading).toMatchObject({ ids: ['x'], problems: [] })
  })

  it('are named by their path below the workspace', async () => {
    const { identities } = await readLines(['**'])
    expect(identities.map(({ file }) => file).sort()).toEqual(Object.keys(FILES).sort())
  })
})

describe('an exclude', () => {
  it.each([
    ['takes a file out', ['*.txt', '!a.txt'], ['h', 'b']],
    ['takes what a glob matches out', ['**/*.txt', '!teams/**', '!.*'], ['a', 'b']],
    ['takes a folder out with all it holds', ['teams/**', '!teams/old'], ['c', 'd']],
    ['may have white space behind the mark', ['*.txt', '! a.txt'], ['h', 'b']],
    ['with a third mark is one', ['?.txt', '!!!a.txt'], ['b']],
    ['concerns the lines before it only', ['!a.txt', '?.txt'], ['a', 'b']],
    ['leaves alone what a later line names', ['?.txt', '!a.txt', 'a.*'], ['b', 'a']],
    ['outside of the workspace takes nothing out', ['?.txt', '!../**'], ['a', 'b']],
    ['that matches nothing takes nothing out', ['?.txt', '!none.txt'], ['a', 'b']],
  ])('%s', async (_case, lines, ids) => {
    expect(await readLines(lines)).toMatchObject({ ids, problems: [] })
  })

  it('that leaves nothing of a line makes it an empty list, with a warning', async () => {
    const { ids, problems, list } = await readLines(['a.txt', '!a.txt'])
    expect({ ids, problems }).toEqual({ ids: [], problems: [] })
    expect(list.warnings).toEqual(['"a.txt" in `identity-ids-file` matches no file, so it is an empty list.'])
  })
})

describe('a problem is', () => {
  it.each([
    ['a path', 'none.txt', ''],
    ['a folder', 'none/*.txt', 'is below the folder "none", which '],
    ['a folder below a file', 'a.txt/*.txt', 'is below the folder "a.txt", which '],
    ['a path below a file', 'a.txt/x.txt', ''],
  ])('%s that does not exist', async (_case, line, where) => {
    const reading = await readLines([line, 'b.txt'])
    expect(reading.ids).toEqual(['b'])
    expect(messagesOf(reading)).toEqual([refused(line, where + ABSENT)])
  })

  it.each(['none-*.txt', 'teams/*.csv', 'team?'])(
    'not a glob without a match in a folder that exists: %s',
    async (line) => {
      const { ids, problems, list } = await readLines([line])
      expect({ ids, problems }).toEqual({ ids: [], problems: [] })
      expect(list.warnings).toHaveLength(1)
    },
  )

  it.each(['"*.txt"', "'*.csv'", '- *.txt', '=*.txt', '\u200b*.txt', 'missing* # the leavers', '|*.txt'])(
    'a path with something around it, which matches no file: %s',
    async (line) => {
      expect(messagesOf(await readLines([line]))).toEqual([
        refused(line, 'matches no file. Use the path alone, without quotes, bullets, or a comment after it.'),
      ])
    },
  )

  whereCaseCounts.each([
    ['A.txt', 'a.txt'],
    ['teams/C.TXT', 'c.txt'],
  ])('a path that differs in case only: %s', async (line, name) => {
    expect(messagesOf(await readLines([line]))).toEqual([
      refused(
        line,
        `does not exist. The file "${name}" differs only in the case or the encoding of its letters. Copy the name from the repository. ${ABSENT.replace('does not exist. ', '')}`,
      ),
    ])
  })

  onPosix('a path that is longer than any name, and no glob that is', async () => {
    const reading = await readLines(
      [`long/${'x'.repeat(300)}/*.txt`, '[a]'.repeat(100), 'a.txt'],
      (workspace) => mkdirSync(join(workspace, 'long')),
    )
    expect(reading.ids).toEqual(['a'])
    expect(messagesOf(reading)).toEqual([
      expect.stringMatching(
        /^Invalid path "long\/…" in `identity-ids-file`: it cannot be searched \(ENAMETOOLONG.*\)\. Check the path and its permissions\.$/,
      ),
    ])
  })

  it('a glob of a deny list that matches nothing', async () => {
    const { problems } = await inWorkspace(FILES, (workspace) =>
      read({ files: ['a.txt'], excludeFiles: ['teams/*.csv'], workspace }),
    )
    expect(problems.map(({ message }) => message)).toContain(
      'Invalid path "teams/*.csv" in `exclude-ids-file`: it matches no file. Check the path, which is relative to the workspace.',
    )
  })

  it.each([
    'a.txt b.txt',
    'a.txt, b.txt',
    'a.txt|b.txt',
    'a.txt;teams/*.txt',
    '*.txt teams/*.txt',
    '["a.txt", "b.txt"]',
    "['a.txt']",
    '"a.txt" "b.txt"',
  ])('several paths on a line: %s', async (line) => {
    expect(messagesOf(await readLines([line]))).toEqual([
      refused(line, 'names several files on one line. Use one path per line.'),
    ])
  })

  it.each(['..', '../a.txt', '../*.txt', 'teams/../../a.txt', '/', '/a.txt', '!!../a.txt'])(
    'what is outside of the workspace: %s',
    async (line) => {
      const reading = await readLines([line], (workspace) =>
        writeFileSync(join(dirname(workspace), 'a.txt'), 'secret'),
      )
      expect(reading.ids).toEqual([])
      expect(messagesOf(reading)).toEqual([refused(line, OUTSIDE)])
    },
  )

  it('a folder beside the workspace whose name only begins like it', async () => {
    const outside = (workspace: string): string => `${workspace}-2`
    await inWorkspace(FILES, async (workspace) => {
      mkdirSync(outside(workspace))
      writeFileSync(join(outside(workspace), 'a.txt'), 'secret')
      const line = '../workspace-2/a.txt'
      expect(messagesOf(await read({ files: [line], workspace }))).toEqual([refused(line, OUTSIDE)])
    })
  })

  it.each(['teams', 'teams/', './teams/old', '.'])('a directory: %s', async (line) => {
    const reading = await readLines([line])
    expect(reading.ids).toEqual([])
    expect(messagesOf(reading)).toHaveLength(1)
    expect(messagesOf(reading)[0]).toMatch(
      /: it is a folder\. Use a glob, such as (teams\/(old\/)?)?\*\.csv\.$/,
    )
  })

  it.each([[['teams/[z-c].txt']], [['a.txt', '!teams/[z-c].txt']], [['[z-a]#']]])(
    'a range that runs backwards, which is an error of its own: %j',
    async (lines) => {
      expect(messagesOf(await readLines(lines))).toEqual([
        refused(lines.at(-1) ?? '', 'has an invalid range. Use ranges such as [a-z] and [0-9].'),
      ])
    },
  )

  it('a range that runs backwards in another input too', async () => {
    const { problems } = await inWorkspace(FILES, (workspace) =>
      read({ files: ['teams/*.txt'], excludeFiles: ['[z-a].txt'], workspace }),
    )
    expect(problems).toMatchObject([
      { message: expect.stringContaining('`exclude-ids-file`: it has an invalid range') },
    ])
  })

  it('a list without a path', async () => {
    const message = 'Input `identity-ids-file` has no path or glob to read. Add one per line.'
    for (const lines of [[], ['!a.txt'], ['!a.txt', '!!!b.txt']]) {
      expect(messagesOf(await readLines(lines))).toEqual([message])
    }
  })

  it('a workspace that is not there', async () => {
    await inWorkspace({}, async (workspace) => {
      rmSync(workspace, { recursive: true })
      expect(await read({ files: ['a.txt'], workspace })).toMatchObject({
        ids: [],
        problems: [
          {
            message: expect.stringMatching(
              /^The workspace "[^"]+" \(`GITHUB_WORKSPACE`\) does not exist\. Check out the repository first\.$/,
            ),
          },
        ],
      })
    })
  })

  onPosix('what is no regular file', async () => {
    await inWorkspace({}, async (workspace) => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(join(workspace, 's.txt'), resolve))
      try {
        expect(messagesOf(await read({ files: ['s.txt'], workspace }))).toEqual([
          refused('s.txt', 'is not a regular file. Use a file with the list.'),
        ])
        expect(messagesOf(await read({ files: ['*'], workspace }))).toEqual([
          refused('*', 'matches "s.txt", which is not a regular file. Remove it, or exclude it with !.'),
        ])
      } finally {
        server.close()
      }
    })
  })

  it('each line for itself, and the files of the others are read', async () => {
    const reading = await readLines(['none.txt', 'a.txt', '../x.txt', 'b.txt', 'teams'])
    expect(reading.ids).toEqual(['a', 'b'])
    expect(messagesOf(reading)).toEqual([
      refused('none.txt', ABSENT),
      refused('../x.txt', OUTSIDE),
      refused('teams', 'is a folder. Use a glob, such as teams/*.csv.'),
    ])
  })
})

describe('a symbolic link', () => {
  const LINK = 'is a symbolic link, or is in a linked folder. Use the path of the file itself.'
  const prepare = (workspace: string): void => {
    symlinkSync('a.txt', join(workspace, 'link.txt'))
    symlinkSync('gone.txt', join(workspace, 'broken.txt'))
    symlinkSync('teams', join(workspace, 'linked'))
    symlinkSync(dirname(workspace), join(workspace, 'up'))
  }

  onPosix.each([
    'link.txt',
    'broken.txt',
    'linked',
    'linked/c.txt',
    'linked/*.txt',
    'up/*',
    'up/../link.txt',
  ])('is an error where it is named: %s', async (line) => {
    const reading = await readLines([line, 'b.txt'], prepare)
    expect(reading.ids).toEqual(['b'])
    expect(messagesOf(reading)).toEqual([refused(line, LINK)])
  })

  onPosix.each([
    ['li*.txt', 'link.txt'],
    ['br*.txt', 'broken.txt'],
    ['**/l*.txt', 'link.txt'],
    ['*d', 'linked'],
  ])('is an error where a glob matches it: %s', async (line, name) => {
    const reading = await readLines([line, 'b.txt'], prepare)
    expect(reading.ids).toEqual(['b'])
    expect(messagesOf(reading)).toEqual([
      refused(line, `matches "${name}", which is a symbolic link. Use the file itself.`),
    ])
  })

  onPosix('is an error beside a file that the same glob matches, and no other', async () => {
    const reading = await readLines(['[bl][._]*txt'], (workspace) =>
      symlinkSync('b.txt', join(workspace, 'l_.txt')),
    )
    expect(reading.ids).toEqual(['b'])
    expect(messagesOf(reading)).toEqual([
      refused('[bl][._]*txt', 'matches "l_.txt", which is a symbolic link. Use the file itself.'),
    ])
    expect(reading.list.warnings).toEqual([])
  })

  onPosix('is followed by no glob, which is a warning where it may have held lists', async () => {
    const reading = await readLines(['*/c.txt', '**/d.txt', '[ab].txt'], prepare)
    expect(reading).toMatchObject({ ids: ['c', 'd', 'a', 'b'], problems: [] })
    expect(reading.list.warnings).toEqual([
      expect.stringMatching(
        /^"\*\/c\.txt" .* does not follow symbolic links to folders: "(linked|up)" and 1 more\.$/,
      ),
      expect.stringMatching(/^"\*\*\/d\.txt" /),
    ])
  })

  onPosix('is an error where a deny list may be behind it, unless a later line excludes it', async () => {
    const readExcluding = async (...excludeFiles: string[]): Promise<Reading> =>
      inWorkspace({ 'a.txt': 'a', 'b/c.txt': 'c', 'elsewhere/d.txt': 'd' }, (workspace) => {
        symlinkSync('../elsewhere', join(workspace, 'b', 'linked'))
        return read({ files: ['a.txt'], excludeFiles, workspace })
      })
    expect(messagesOf(await readExcluding('b/**/*.txt'))).toEqual([
      'Invalid path "b/**/*.txt" in `exclude-ids-file`: it does not follow symbolic links to folders: "b/linked". Use the path of the folder itself, or exclude the link with !.',
    ])
    expect(messagesOf(await readExcluding('b/**/*.txt', '!b/linked'))).toEqual([])
  })

  onPosix(
    'costs no time where folders link to each other',
    async () => {
      const reading = await readLines(['**/*.txt'], (workspace) => {
        for (let from = 0; from < 8; from += 1) {
          mkdirSync(join(workspace, `f${from}`))
          for (let to = 0; to < 8; to += 1) symlinkSync(`../f${to}`, join(workspace, `f${from}`, `l${to}`))
        }
      })
      expect(reading).toMatchObject({ ids: ['h', 'a', 'b', 'c', 'd', 'e'], problems: [] })
    },
    5_000,
  )
})

describe('the workspace', () => {
  onPosix('may be a symbolic link, and be named by either path', async () => {
    await inWorkspace(FILES, async (real) => {
      const workspace = join(dirname(real), 'link')
      symlinkSync(real, workspace)
      for (const line of ['a.txt', join(real, 'a.txt'), join(workspace, 'a.txt')]) {
        const reading = await read({ files: [line], workspace })
        expect(reading).toMatchObject({ identities: [{ identifier: 'a', file: 'a.txt' }], problems: [] })
      }
    })
  })

  onPosix.each(['[ab]', 'a*', 'a?', 'a\\b', '[', '#a', '!a', 'a b', 'ä{1,2}'])(
    'may be called %s',
    async (name) => {
      await inWorkspace(
        FILES,
        async (workspace) => {
          expect(await read({ files: ['?.txt', '!b.txt'], workspace })).toMatchObject({
            ids: ['a'],
            problems: [],
          })
        },
        name,
      )
    },
  )
})

const SOURCES = { 'lists/a.json': '[]', 'lists/b.csv': 'id', 'out.json': '{}', '../above.json': '[]' }

/** Whether `results` is one of the files that these sources name, in a workspace with `SOURCES`. */
async function isRead(
  results: string,
  sources: Partial<ListSources>,
  prepare: (workspace: string) => void = () => undefined,
): Promise<boolean> {
  return await inWorkspace(SOURCES, (workspace) => {
    prepare(workspace)
    const none = {
      files: null,
      excludeFiles: null,
      stillListed: null,
      fromReport: null,
      addedSince: { kind: 'beginning' } as const,
      temporary: workspace,
    }
    return isSource(resolve(workspace, results), { ...none, ...sources, workspace })
  })
}

describe('a file that is read', () => {
  it.each([
    ['by its path', 'lists/a.json', { files: ['out.json', 'lists/a.json'] }],
    ['by another path', './lists/../lists/a.json', { files: ['lists/a.json'] }],
    ['by a glob', 'lists/b.csv', { files: ['lists/*'] }],
    ['as an exclude list', 'lists/a.json', { files: ['out.json'], excludeFiles: ['**/a.*'] }],
    [
      'as a list, also where another input leaves it out',
      'lists/a.json',
      { files: ['lists/*.json'], excludeFiles: ['**/*.json', '!lists/**'] },
    ],
    ['as an earlier report', 'out.json', { fromReport: 'out.json' }],
    ['beside lines that are wrong', 'lists/a.json', { files: ['none', '../..', 'lists', 'lists/a.json'] }],
    ['in an older checkout', 'lists/a.json', { addedSince: { kind: 'folder', folder: 'lists' } as const }],
    ['outside of the workspace, where it is refused', '../above.json', { files: ['../above.json'] }],
  ])('is found %s', async (_case, results, sources) => {
    expect(await isRead(results, sources)).toBe(true)
  })

  it('is found as the payload of the event', async () => {
    const { GITHUB_EVENT_PATH: saved } = process.env
    try {
      const read = await isRead('out.json', {}, (workspace) => {
        process.env['GITHUB_EVENT_PATH'] = join(workspace, 'lists', '..', 'out.json')
      })
      expect(read).toBe(true)
    } finally {
      if (saved === undefined) delete process.env['GITHUB_EVENT_PATH']
      else process.env['GITHUB_EVENT_PATH'] = saved
    }
  })

  onPosix('is found where it is a link, or where a link leads to it', async () => {
    const link = (workspace: string): void => symlinkSync('lists/a.json', join(workspace, 'link.json'))
    expect(await isRead('link.json', { files: ['lists/*.json'] }, link)).toBe(true)
    expect(await isRead('lists/a.json', { files: ['link.json'] }, link)).toBe(true)
    expect(await isRead('lists/a.json', { fromReport: 'link.json' }, link)).toBe(true)
  })

  onPosix('is found in an older checkout of a linked workspace', async () => {
    const found = await inWorkspace(SOURCES, async (real) => {
      const workspace = join(dirname(real), 'link')
      symlinkSync(real, workspace)
      const addedSince = { kind: 'folder', folder: 'lists' } as const
      const sources = { files: null, excludeFiles: null, stillListed: null, fromReport: null, addedSince }
      return isSource(join(workspace, 'lists/a.json'), { ...sources, temporary: workspace, workspace })
    })
    expect(found).toBe(true)
  })

  onPosix('is found in a linked folder, and by a second name', async () => {
    const link = (workspace: string): void => {
      symlinkSync('lists', join(workspace, 'linked'))
      linkSync(join(workspace, 'out.json'), join(dirname(workspace), 'second.json'))
    }
    expect(await isRead('linked/a.json', { files: ['lists/a.json'] }, link)).toBe(true)
    expect(await isRead('../second.json', { excludeFiles: ['out.json'] }, link)).toBe(true)
  })
})

it.each([
  ['is not there yet', 'new.json', { files: ['**/*.json', 'new.json'] }],
  ['is not named', 'out.json', { files: ['lists/*'], excludeFiles: ['lists/*'], fromReport: 'lists/a.json' }],
  ['is left out', 'lists/b.csv', { files: ['lists/*', '!lists/b.csv'] }],
  ['stands beside an inline list', 'out.json', {}],
  [
    'stands beside an older checkout',
    'out.json',
    { addedSince: { kind: 'folder', folder: 'lists' } as const },
  ],
  ['has no older checkout', 'out.json', { addedSince: { kind: 'folder', folder: 'none' } as const }],
])('a file that %s may be written', async (_case, results, sources) => {
  expect(await isRead(results, sources)).toBe(false)
})
