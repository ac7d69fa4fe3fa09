import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'

import { describe, expect, it } from '@jest/globals'

import { inWorkspace, read, type Reading } from '../support/list-reading.ts'

/** Links need a privilege on Windows, and names hold fewer characters there. */
const onPosix = process.platform === 'win32' ? it.skip : it

/** Text files that each hold one id, named after them. */
const FILES = {
  'a.txt': 'a',
  'b.txt': 'b',
  'teams/c.txt': 'c',
  'teams/d.txt': 'd',
  'teams/old/e.txt': 'e',
  '.hidden.txt': 'h',
}

type Prepare = (workspace: string) => void

/** Reads what these lines name in a workspace with `FILES` and whatever `prepare` adds. */
async function readLines(files: readonly string[], prepare: Prepare = () => undefined): Promise<Reading> {
  return await inWorkspace(FILES, (workspace) => {
    prepare(workspace)
    return read({ files, workspace })
  })
}

const messagesOf = ({ problems }: Reading): string[] => problems.map(({ message }) => message)
const refused = (given: string, reason: string): string =>
  `Input identity-ids-file: ${JSON.stringify(given)} ${reason}; give files of the workspace.`

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
    const reading = await readLines(['# a.txt', 'b.txt', '#c.txt'])
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
  it('are read in the order of their names, each once, however often they are named', async () => {
    const reading = await readLines(['teams/**', 'b.txt', '*.txt', 'teams/c.txt'])
    expect(reading).toMatchObject({ ids: ['h', 'a', 'b', 'c', 'd', 'e'], duplicates: 0, problems: [] })
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
    ['leaves alone what a later line names', ['?.txt', '!a.txt', 'a.*'], ['a', 'b']],
    ['outside of the workspace takes nothing out', ['?.txt', '!../**'], ['a', 'b']],
    ['that matches nothing takes nothing out', ['?.txt', '!none.txt'], ['a', 'b']],
  ])('%s', async (_case, lines, ids) => {
    expect(await readLines(lines)).toMatchObject({ ids, problems: [] })
  })

  it('that leaves nothing of a line is a line without a match', async () => {
    expect(messagesOf(await readLines(['a.txt', '!a.txt']))).toEqual([refused('a.txt', 'matches no file')])
  })
})

describe('refused is', () => {
  it.each([
    ['a path that is not there', 'none.txt'],
    ['a glob without a match', 'none-*.txt'],
    ['a glob that matches a folder only', 'team?'],
  ])('%s', async (_case, line) => {
    const reading = await readLines([line])
    expect(reading.ids).toEqual([])
    expect(messagesOf(reading)).toEqual([refused(line, 'matches no file')])
  })

  it.each(['..', '../a.txt', '../*.txt', 'teams/../../a.txt', '/', '/a.txt', '!!../a.txt'])(
    'what is outside of the workspace: %s',
    async (line) => {
      const reading = await readLines([line], (workspace) =>
        writeFileSync(join(dirname(workspace), 'a.txt'), 'secret'),
      )
      expect(reading.ids).toEqual([])
      expect(messagesOf(reading)).toEqual([refused(line, 'is outside of the workspace')])
    },
  )

  it('a folder beside the workspace whose name only begins like it', async () => {
    const outside = (workspace: string): string => `${workspace}-2`
    await inWorkspace(FILES, async (workspace) => {
      mkdirSync(outside(workspace))
      writeFileSync(join(outside(workspace), 'a.txt'), 'secret')
      const line = '../workspace-2/a.txt'
      expect(messagesOf(await read({ files: [line], workspace }))).toEqual([
        refused(line, 'is outside of the workspace'),
      ])
    })
  })

  it.each(['teams', 'teams/', './teams/old', '.'])('a directory: %s', async (line) => {
    const reading = await readLines([line])
    expect(reading.ids).toEqual([])
    expect(messagesOf(reading)).toHaveLength(1)
    expect(messagesOf(reading)[0]).toMatch(/ is a directory; give files of the workspace\.$/)
    expect(messagesOf(reading)[0]).toContain(`Input identity-ids-file: ${JSON.stringify(line)} `)
  })

  it('a list without a path', async () => {
    const message = 'Input identity-ids-file: no path or glob is given; give one a line.'
    for (const lines of [[], ['# nothing'], ['!a.txt'], ['!a.txt', '# nothing', '!!!b.txt']]) {
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
              /^Input identity-ids-file: the workspace "[^"]+" \(GITHUB_WORKSPACE\) is not there\.$/,
            ),
          },
        ],
      })
    })
  })

  onPosix('a path below a file', async () => {
    const reading = await readLines(['a.txt/x.txt', 'b.txt'])
    expect(reading.ids).toEqual(['b'])
    expect(messagesOf(reading)).toEqual([
      expect.stringMatching(
        /^Input identity-ids-file: "a\.txt\/x\.txt" cannot be searched \(.*ENOTDIR.*\); give/,
      ),
    ])
  })

  onPosix('what is no regular file', async () => {
    await inWorkspace({}, async (workspace) => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(join(workspace, 's.txt'), resolve))
      try {
        expect(messagesOf(await read({ files: ['s.txt'], workspace }))).toEqual([
          refused('s.txt', 'is not a regular file'),
        ])
        expect(messagesOf(await read({ files: ['*'], workspace }))).toEqual([
          refused('*', 'names "s.txt", which is not a regular file'),
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
      refused('none.txt', 'matches no file'),
      refused('../x.txt', 'is outside of the workspace'),
      refused('teams', 'is a directory'),
    ])
  })
})

describe('a symbolic link', () => {
  onPosix('within the workspace is followed', async () => {
    const reading = await readLines(['link.txt', 'linked/*.txt'], (workspace) => {
      symlinkSync('a.txt', join(workspace, 'link.txt'))
      symlinkSync('teams', join(workspace, 'linked'))
    })
    expect(reading).toMatchObject({ ids: ['a', 'c', 'd'], problems: [] })
  })

  onPosix('and the file that it leads to are one', async () => {
    const reading = await readLines(['*.txt'], (workspace) =>
      symlinkSync('a.txt', join(workspace, 'link.txt')),
    )
    expect(reading).toMatchObject({ ids: ['h', 'a', 'b'], duplicates: 0, problems: [] })
  })

  onPosix.each([
    ['link.txt', 'leads'],
    ['l*.txt', 'names "link.txt", which leads'],
    ['folder/secret.txt', 'leads'],
    ['folder/*', 'names "folder/secret.txt", which leads'],
  ])('out of the workspace is refused: %s', async (line, beginning) => {
    const reading = await readLines([line, 'a.txt'], (workspace) => {
      const outside = join(dirname(workspace), 'outside')
      mkdirSync(outside)
      writeFileSync(join(outside, 'secret.txt'), 'secret')
      symlinkSync(join(outside, 'secret.txt'), join(workspace, 'link.txt'))
      symlinkSync(outside, join(workspace, 'folder'))
    })
    expect(reading.ids).toEqual(['a'])
    expect(messagesOf(reading)).toEqual([
      refused(line, `${beginning} outside of the workspace by way of a symbolic link`),
    ])
  })

  onPosix('to a folder out of the workspace is refused beside files that are read', async () => {
    const reading = await readLines(['*.txt'], (workspace) =>
      symlinkSync(dirname(workspace), join(workspace, 'up.txt')),
    )
    expect(reading.ids).toEqual(['h', 'a', 'b'])
    expect(messagesOf(reading)).toEqual([
      refused('*.txt', 'names "up.txt", which leads outside of the workspace by way of a symbolic link'),
    ])
  })

  onPosix('to a folder of the workspace is passed by beside files, as a folder is', async () => {
    const reading = await readLines(['*'], (workspace) => symlinkSync('teams', join(workspace, 'linked')))
    expect(reading).toMatchObject({ ids: ['h', 'a', 'b'], problems: [] })
  })

  onPosix('that leads nowhere is no file', async () => {
    const reading = await readLines(['broken.txt'], (workspace) =>
      symlinkSync('gone.txt', join(workspace, 'broken.txt')),
    )
    expect(messagesOf(reading)).toEqual([refused('broken.txt', 'matches no file')])
  })
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
