import { describe, expect, it } from '@jest/globals'

import { readFileNamed } from '../../support/list-reading.ts'

/** Reads this text as a YAML file. */
const readYaml = (text: string | Uint8Array, idColumn: string | null = null) =>
  readFileNamed('list.yml', text, { idColumn })

describe('a YAML file', () => {
  it.each([
    ['of strings', '- a1\n- "b2"\n'],
    ['of mappings', '- id: a1\n  name: Ann\n- name: Bob\n  identity-id: b2\n'],
    ['of both', '- a1\n- {Id: b2}\n'],
    ['in flow style', '[a1, "b2"]'],
    ['in JSON', '["a1",\n{"id": "b2"}]'],
    ['with a document start and end', '%YAML 1.2\n---\n- a1\n- b2\n...\n'],
    ['with comments', '# one\n- a1 # two\n#three\n- b2\n# four\n'],
    ['with a byte order mark and CRLF', '\ufeff- a1\r\n- b2\r\n\r\n\r\n'],
    ['with CR', '- a1\r- b2\r'],
    ['indented', '\n  - a1\n  - b2\n\n'],
    ['of block scalars', '- >-\n  a1\n- |-\n  b2\n'],
    ['with tags of the failsafe schema', '!!seq\n- !!str a1\n- !!map {! id: !!str b2}\n'],
  ])('may be a sequence %s', async (_name, text) => {
    expect(await readYaml(text)).toMatchObject({ ids: ['a1', 'b2'], problems: [] })
  })

  it('may end in .yaml', async () => {
    expect(await readFileNamed('LIST.YAML', '- a1')).toMatchObject({ ids: ['a1'], problems: [] })
  })

  it.each([
    ['no byte', ''],
    ['a byte order mark', '\ufeff'],
    ['comments', '# nobody\r\n\r\n# at all\r\n'],
    ['[]', '[]'],
    ['a document start', '---\n'],
    ['a document start and comments', '# x\n---\n# y\n'],
  ])('of %s is a list with nothing in it', async (_name, text) => {
    expect(await readYaml(text)).toMatchObject({ ids: [], problems: [] })
  })

  it('keeps the text of what looks like something else', async () => {
    const texts = ['1e10', '0123', '0x1F', '12345678901234567890', 'true', 'No', 'yes', '2025-01-01']
    expect(await readYaml(texts.map((text) => `- ${text}\n`).join(''))).toMatchObject({
      ids: texts,
      problems: [],
    })
    expect(await readYaml(texts.map((text) => `- id: ${text}\n`).join(''))).toMatchObject({
      ids: texts,
      problems: [],
    })
    expect(
      await readFileNamed('list.yml', '- ~\n- 1_000\n- 1.0\n- .inf\n- <<\n', { identifyBy: 'alias' }),
    ).toMatchObject({ ids: ['~', '1_000', '1.0', '.inf', '<<'], problems: [] })
  })

  it('gives each entry its line', async () => {
    const text = [
      '# list',
      '---',
      '- a1',
      '',
      '- # a comment',
      '  b2',
      '- name: Cleo',
      '  note: |',
      '    - x',
      '    - y',
      '  id: c3',
      '- {',
      '  id: d4 }',
      '- "e5"',
    ].join('\r\n')
    expect(await readYaml(text)).toMatchObject({
      entries: ['3: a1', '6: b2', '11: c3', '13: d4', '14: e5'],
      problems: [],
    })
  })

  it('may use anchors and aliases', async () => {
    const text =
      '- &x a1\n- name: &n b2\n  id: c3\n- *n\n- id: *x\n- &n d4\n- {id: *n}\n- &m {id: e5}\n- *m\n'
    const { entries, duplicates, problems } = await readYaml(text)
    expect(problems).toEqual([])
    expect(entries).toEqual(['1: a1', '3: c3', '4: b2', '6: d4', '8: e5'])
    expect(duplicates).toBe(3)
  })

  it.each([
    ['a single value', 'a1\n', 1, 'This is a single value. Use a sequence of strings or of mappings.'],
    ['a mapping', '\nids:\n- a1\n', 2, 'This is a mapping. Use a sequence of strings or of mappings.'],
    ['null', '~', 1, 'This is a single value. Use a sequence of strings or of mappings.'],
    [
      'several documents',
      '- a1\n---\n- b2\n',
      2,
      'This is not a YAML list: it holds several documents. Remove the lines with --- between them.',
    ],
  ])('that is %s says so', async (_name, text, line, reason) => {
    const { ids, problems } = await readYaml(text)
    expect(ids).toEqual([])
    expect(problems).toEqual([{ message: `list.yml: ${reason}`, file: 'list.yml', line }])
  })

  it.each([
    [
      'an alias of nothing',
      '*x',
      'Entry 2 is an alias without an anchor before it, not a string or a mapping. Correct it, or remove the entry.',
    ],
    [
      'an alias before its anchor',
      '{id: *x, name: &x b2}',
      'Entry 2: "id" is an alias without an anchor before it, not a string. Correct it, or remove the entry.',
    ],
    [
      'an id without a value',
      '{id}',
      'Entry 2: "id" is empty, not a string. Correct it, or remove the entry.',
    ],
    [
      'a sequence',
      '- b2',
      'Entry 2 is a sequence, not a string or a mapping. Correct it, or remove the entry.',
    ],
    [
      'a mapping without id',
      'name: Bob',
      'Entry 2: No key `id`, `identityId`, `identity-id`, or `identity_id`. Found: "name". Rename the key, or set `identity-id-column`.',
    ],
    [
      'an id that is a mapping',
      'id: {id: b2}',
      'Entry 2: "id" is a mapping, not a string. Correct it, or remove the entry.',
    ],
    [
      'an id that is a sequence',
      'id: [b2]',
      'Entry 2: "id" is a sequence, not a string. Correct it, or remove the entry.',
    ],
    ['two ids', '{id: b2, id: b3}', 'Entry 2: The key "id" appears twice. Remove one of them.'],
    [
      'two ids in different case',
      '{ID: b2, id: b3}',
      'Entry 2: Several columns may hold the identifier: "ID", "id". Set `identity-id-column` to the right one.',
    ],
    [
      'a key twice',
      '{id: b2, name: x, name: y}',
      'Entry 2: The key "name" appears twice. Remove one of them.',
    ],
    [
      'a key that is no text',
      '{[id]: b2}',
      'Entry 2: No key `id`, `identityId`, `identity-id`, or `identity_id`. Found: "". Rename the key, or set `identity-id-column`.',
    ],
  ])('with an entry that is or has %s says which', async (_name, entry, reason) => {
    const { ids, problems } = await readYaml(`- a1\n\n- ${entry}\n- c3\n`)
    expect(ids).toEqual(['a1', 'c3'])
    expect(problems).toEqual([{ message: `list.yml: ${reason}`, file: 'list.yml', line: 3 }])
  })

  it.each([
    ['nothing', '-'],
    ['an empty id', '- id:'],
    ['an empty quoted id', '- id: ""'],
    ['null', '- ~'],
    ['two words', '- a1 b2'],
    ['two lines', '- a1\n  b2'],
  ])('with %s where an ID belongs is invalid there', async (_name, entry) => {
    const { ids, problems } = await readYaml(`- x1\n${entry}\n- x2\n`)
    expect(ids).toEqual(['x1', 'x2'])
    expect(problems).toEqual([
      {
        message: expect.stringMatching(/^list\.yml: (Invalid ID|An identifier is empty|"null" is what)/),
        file: 'list.yml',
        line: 2,
      },
    ])
  })

  it('is read by the key identity-id-column names', async () => {
    const text = '- {id: no, Employee: a1}\n- {EMPLOYEE: b2}\n- {employee: c3, Employee: no}\n'
    expect(await readYaml(text, 'employee')).toMatchObject({ ids: ['a1', 'b2', 'c3'], problems: [] })
  })

  it.each([
    ['a tab as indentation', '- id: a1\n\tname: x\n', 2],
    ['a bracket that is not closed', '- a1\n- [b2\n- c3\n', 3],
    ['a quote that is not closed', '- a1\n- "b2\n', 3],
    ['a mapping amid a sequence', '- a1\nid: b2\n', 2],
  ])('that is not YAML says on which line: %s', async (_name, text, line) => {
    const { ids, problems } = await readYaml(text)
    expect(ids).toEqual([])
    expect(problems).toEqual([
      {
        message: expect.stringMatching(
          /^list\.yml: This is not valid YAML \(.*[^.]\)\. Write one entry per line: `- ID`\.$/,
        ),
        file: 'list.yml',
        line,
      },
    ])
  })

  it.each([
    ['bytes', '- !!binary YjI='],
    ['a number', '- !!int 7'],
    ['nothing', '- !!null x'],
    ['what the tag of a handle says', '- !<tag:yaml.org,2002:binary> YjI='],
    ['something of its own', '- !mine b2'],
    ['an id', '- id: !!binary YjI='],
    ['a key', '- !!binary aWQ=: b2'],
    ['a set', '- !!set {id}'],
  ])('with a tag that makes %s of a text is invalid', async (_name, entry) => {
    const { ids, problems } = await readYaml(`- a1\n${entry}\n`)
    expect(ids).toEqual([])
    expect(problems).toEqual([
      {
        message: 'list.yml: This is not a YAML list: it has a tag. Remove the tag.',
        file: 'list.yml',
        line: 2,
      },
    ])
  })

  it('cannot be blown up by aliases', async () => {
    const levels = Array.from({ length: 40 }, (_, n) => `- &l${n + 1} [${`*l${n}, `.repeat(10)}x]\n`)
    const { ids, problems } = await readYaml(`- &l0 a1\n${levels.join('')}- *l0\n`)
    expect(ids).toEqual(['a1'])
    expect(problems.at(-1)?.message).toBe('… and 20 more invalid entries.')
  })

  it('cannot be slowed down by aliases, anchors or keys in great number', async () => {
    const count = 20_000
    const numbers = Array.from({ length: count }, (_, n) => n)
    const anchors = numbers.map((n) => `- &l${n} a${n}\n`).join('')
    const aliases = numbers.map((n) => `- *l${n}\n`).join('')
    expect(await readYaml(anchors + aliases)).toMatchObject({ duplicates: count, problems: [] })
    const keys = numbers.map((n) => `  k${n}: x\n`).join('')
    expect(await readYaml(`- id: a1\n${keys}`)).toMatchObject({ ids: ['a1'], problems: [] })
  })

  it('that is nested too deeply says so', async () => {
    for (const text of ['['.repeat(20_000) + ']'.repeat(20_000), '- '.repeat(20_000)]) {
      const { ids, problems } = await readYaml(text)
      expect(ids).toEqual([])
      expect(problems).toEqual([
        { message: 'list.yml: This is not a YAML list: it is nested too deeply.', file: 'list.yml', line: 1 },
      ])
    }
  })
})
