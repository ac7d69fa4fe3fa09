import { describe, expect, it } from '@jest/globals'

import { readFileNamed } from '../../support/list-reading.ts'

/** Reads this text as a JSON file. */
const readJson = (text: string | Uint8Array, idColumn: string | null = null) =>
  readFileNamed('list.json', text, { idColumn })

describe('a JSON file', () => {
  it.each([
    ['of strings', '["a1", "b2"]'],
    ['of objects', '[{"id": "a1"}, {"name": "Bob", "identityId": "b2"}]'],
    ['of both', '["a1", {"ID": "b2", "identityId": "no"}]'],
    ['with a byte order mark and CRLF', '\ufeff[\r\n"a1",\r\n"b2"\r\n]\r\n'],
    ['with escaped characters', String.raw`["\u0061\u0031", {"\u0069d": "b2"}]`],
    ['with tabs', '\t[\t"a1"\t,\t"b2"\t]\t'],
  ])('may be an array %s', async (_name, text) => {
    expect(await readJson(text)).toMatchObject({ ids: ['a1', 'b2'], problems: [] })
  })

  it.each([
    ['[]', '[]'],
    ['[] on several lines', '[\r\n\r\n]\r\n'],
    ['no byte', ''],
    ['a byte order mark', '\ufeff'],
    ['white space', ' \r\n\t'],
  ])('of %s is a list with nothing in it', async (_name, text) => {
    expect(await readJson(text)).toMatchObject({ ids: [], problems: [] })
  })

  it.each(['["\ufeffa1"]', String.raw`["\ufeffa1"]`])(
    'hides no byte order mark in an entry: %j',
    async (text) => {
      const { ids, problems } = await readJson(text)
      expect(ids).toEqual([])
      expect(problems).toMatchObject([{ message: expect.stringMatching(/is not an identity id/), line: 1 }])
    },
  )

  it('gives each entry the line on which it begins', async () => {
    const text = String.raw`

[ "a1", "b2",
  { "note": "[,{\"\\",
    "more": [
      "x", { "id": "y" }, []
    ],
    "id": "c3" }, "d4"
  ,
  "e5",

  {
    "id":
    "f6"
  }
]`
    expect(await readJson(text)).toMatchObject({
      entries: ['3: a1', '3: b2', '4: c3', '8: d4', '10: e5', '12: f6'],
      problems: [],
    })
  })

  it.each([
    ['a number', '7', 'it is a number, not an array of strings or of objects'],
    ['null', 'null', 'it is null, not an array of strings or of objects'],
    ['a string', '"a1"', 'it is a string, not an array of strings or of objects'],
    ['a truth', 'true', 'it is a boolean, not an array of strings or of objects'],
    ['an object', '{"ids": ["a1"]}', 'it is an object, not an array of strings or of objects'],
  ])('that is %s says so', async (_name, text, reason) => {
    const { ids, problems } = await readJson(text)
    expect(ids).toEqual([])
    expect(problems).toEqual([{ message: `list.json: ${reason}.`, file: 'list.json' }])
  })

  it.each([
    ['a number', '12', 'entry 2 is a number, not a string or an object; put an id of digits in quotes'],
    ['null', 'null', 'entry 2 is null, not a string or an object'],
    ['a truth', 'false', 'entry 2 is a boolean, not a string or an object'],
    ['an array', '["b2"]', 'entry 2 is an array, not a string or an object'],
    [
      'a number as id',
      '{"id": 1e10}',
      'entry 2: id is a number, not a string; put an id of digits in quotes',
    ],
    ['null as id', '{"Id": null, "identityId": "b2"}', 'entry 2: Id is null, not a string'],
    ['an object as id', '{"id": {"id": "b2"}}', 'entry 2: id is an object, not a string'],
    ['an array as id', '{"id": ["b2"]}', 'entry 2: id is an array, not a string'],
    [
      'no id',
      '{"name": "Bob"}',
      'entry 2: there is "name", but not one named id, identityId, identity-id or identity_id; name yours in identity-id-column',
    ],
    [
      'nothing',
      '{}',
      'entry 2: there is nothing, but not one named id, identityId, identity-id or identity_id; name yours in identity-id-column',
    ],
    [
      'an id twice',
      '{"id": "b2", "id": "b3"}',
      'entry 2: there are several that may hold the identifier ("id", "id"); leave only one',
    ],
    [
      'an id twice, written in two ways',
      String.raw`{"id": "b2", "\u0069d": "b3"}`,
      'entry 2: there are several that may hold the identifier ("id", "id"); leave only one',
    ],
    [
      'a key twice',
      '{"id": "b2", "x": {"x": 1}, "x": [2]}',
      'entry 2: the key "x" stands there twice; leave only one',
    ],
    [
      'two ids',
      '{"id": "b2", "ID": "b3"}',
      'entry 2: there are several that may hold the identifier ("id", "ID"); leave only one',
    ],
  ])('with an entry that is or has %s says which', async (_name, entry, reason) => {
    const { ids, problems } = await readJson(`["a1",\r\n\r\n${entry}, "c3"]`)
    expect(ids).toEqual(['a1', 'c3'])
    expect(problems).toEqual([{ message: `list.json: ${reason}.`, file: 'list.json', line: 3 }])
  })

  it('is read by the key identity-id-column names', async () => {
    const text = '[{"id": "no", "Employee": "a1"}, {"EMPLOYEE": "b2"}, {"employee": "c3", "Employee": "no"}]'
    expect(await readJson(text, 'employee')).toMatchObject({ ids: ['a1', 'b2', 'c3'], problems: [] })
    const { problems } = await readJson('[{"id": "a1"}]', 'employee')
    expect(problems).toEqual([
      {
        message: 'list.json: entry 1: there is "id", but not "employee" (identity-id-column).',
        file: 'list.json',
        line: 1,
      },
    ])
  })

  it.each(['__proto__', 'constructor', 'toString'])('may have the key %s', async (key) => {
    expect(await readJson(`[{"${key}": "a1"}]`, key)).toMatchObject({ ids: ['a1'], problems: [] })
    expect(await readJson('[{"id": "a1"}]', key)).toMatchObject({ ids: [], problems: [{ line: 1 }] })
  })

  it.each([
    ['a comma missing', '[\r\n  "a1",\r\n\r\n  "b2"\r\n  "(line 77 "\r\n]\r\n', 5],
    ['a comma too many', '[\n"a1"\n,\n]', 4],
    ['a text of two lines', '["a1\n"]', 1],
    ['a text without quotes', '[\n\n"a1",\n(line 77 ]', 4],
    ['something behind it', '["a1"]\n\n\n"(line 77 "', 4],
  ])('that is not JSON says on which line, and quotes nothing: %s', async (_name, text, line) => {
    const { problems } = await readJson(text)
    expect(problems).toEqual([
      {
        message:
          'list.json: it is not JSON: something on this line is out of place; texts stand in double quotes, with commas between them and none behind the last.',
        file: 'list.json',
        line,
      },
    ])
  })

  it.each(['[\n"a1"\n', '[{\n"id":\n', '[\n[\n'])('that is cut off says so: %j', async (text) => {
    const { problems } = await readJson(text)
    expect(problems.at(-1)).toEqual({
      message: 'list.json: it is not JSON: it ends in the middle.',
      file: 'list.json',
      line: 3,
    })
  })

  it.each([
    '["a1"',
    '["a1",]',
    '[a1]',
    "['a1']",
    '// ids\n["a1"]',
    '["a1"]["b2"]',
    '["a\u0001"]',
    '["a1"] # ids',
  ])('that is not JSON is refused: %j', async (text) => {
    const { problems } = await readJson(text)
    expect(problems).toMatchObject([{ message: expect.stringMatching(/^list\.json: it is not JSON: /) }])
  })

  it('that is not UTF-8 is refused', async () => {
    const { problems } = await readJson(Buffer.from('\ufeff["a1"]', 'utf16le'))
    expect(problems).toEqual([
      { message: expect.stringMatching(/^list\.json: .*not UTF-8/), file: 'list.json' },
    ])
  })

  it('may be deep and may hold long strings', async () => {
    const deep = `${'['.repeat(498)}${']'.repeat(498)}`
    const long = '\\u0020\\\\x'.repeat(200_000)
    const { entries, problems } = await readJson(
      `[{"id": "a1", "x": ${deep}},\n{"y": "${long}", "id": "b2"},\n"c3"]`,
    )
    expect(problems).toEqual([])
    expect(entries).toEqual(['1: a1', '2: b2', '3: c3'])
  })

  it('that is deeper than any list is refused', async () => {
    const { problems } = await readJson(`["a1",\n{"id": "b2", "x": ${'['.repeat(1_000_000)}`)
    expect(problems).toEqual([
      { message: 'list.json: it is not JSON: it is nested more than 500 deep.', file: 'list.json', line: 2 },
    ])
  })

  it('with more keys than any object has is refused', async () => {
    const keys = Array.from({ length: 100_001 }, (_, n) => `"k${n}":0`).join()
    const { problems } = await readJson(`[{"id":"a1",${keys}}]`)
    expect(problems).toMatchObject([{ message: 'list.json: entry 1: it has too many keys.' }])
  })

  it('may hold aliases with spaces and quotes, but not half a character', async () => {
    const aliases = ['Smith, Ann', 'Bob "B" \\ Ärm', '👍', ' # no comment']
    expect(await readFileNamed('list.json', JSON.stringify(aliases), { identifyBy: 'alias' })).toMatchObject({
      ids: aliases,
      problems: [],
    })
    expect(
      await readFileNamed('list.json', String.raw`["ok", "\ud800", "\u0000", "a\nb"]`, {
        identifyBy: 'alias',
      }),
    ).toMatchObject({ ids: ['ok'], problems: [{ line: 1 }, { line: 1 }, { line: 1 }] })
  })
})
