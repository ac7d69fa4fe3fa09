import { describe, expect, it } from '@jest/globals'

import { readFileNamed } from '../../support/list-reading.ts'

/** Reads this text as a JSON file. */
const readJson = (text: string | Uint8Array, idColumn: string | null = null) =>
  readFileNamed('list.json', text, { idColumn })

describe('a JSON file', () => {
  it.each([
    ['of strings', '["a1", "b2"]'],
    ['of objects', '[{"id": "a1"}, {"name": "Bob", "identityId": "b2"}]'],
    ['of both', '["a1", {"ID": "b2", "employeeId": "no"}]'],
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

  it.each(['["\ufeffa1"]', String.raw`["a1\u200b"]`])(
    'has no characters that cannot be seen: %j',
    async (text) => {
      expect(await readJson(text)).toMatchObject({ ids: ['a1'], problems: [] })
    },
  )

  it.each([
    ['alone', '{"items": ["a1", {"id": "b2"}]}'],
    [
      'among other values',
      '{"total": 2, "page": {"ids": 1},\n "items": ["a1", {"id": "b2", "x": ["y"]}], "next": null}',
    ],
    ['beside schemaVersion alone', '{"schemaVersion": 1, "items": ["a1", "b2"]}'],
    ['named identities', '{"identities": ["a1", "b2"]}'],
    ['beside what an error has', '{"message": "ok", "items": ["a1", "b2"]}'],
    [
      'beside much that is not deep',
      `{"items": ["a1", "b2"], "x": {${Array.from({ length: 600 }, (_, n) => `"${n}": {}`).join()}}}`,
    ],
  ])('may be an object that holds the array: %s', async (_name, text) => {
    expect(await readJson(text)).toMatchObject({ ids: ['a1', 'b2'], problems: [] })
  })

  it.each([
    [
      'no array',
      '{"id": "a1"}',
      'The object has no array. Use an array of strings or of objects; for one identity, put [ and ] around it.',
    ],
    [
      'what ISC answers in place of a list',
      '{"detailCode": "401", "trackingId": "x", "messages": []}',
      'This is an error response of a server, not a list. Export the list again.',
    ],
    [
      'one value per line, as jq writes them',
      '{"id": "a1"}\n{"id": "b2"}\n',
      'This is not valid JSON but one value per line. With jq, use --slurp, so that the file is one array.',
    ],
    ['two arrays', '{"items": ["a1"], "errors": []}', 'The object has several arrays. Keep only the list.'],
    [
      'a report of this action',
      '{"schemaVersion": 1, "identities": [{"id": "a1"}]}',
      'This is a report of this action, not a list. Use the input `from-report` for it.',
    ],
  ])('that is an object with %s says so', async (_name, text, reason) => {
    const { problems } = await readJson(text)
    expect(problems).toMatchObject([{ message: `list.json: ${reason}` }])
  })

  it.each(['[', '{"a":'])('that is nested too deeply says so: %s', async (start) => {
    const end = start === '[' ? ']' : '1}'
    const { problems } = await readJson(`["a1", ${start.repeat(600)}${end}`)
    expect(problems).toMatchObject([{ message: 'list.json: The JSON is nested too deeply.' }])
  })

  it('gives each entry the line of its identifier', async () => {
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
      entries: ['3: a1', '3: b2', '8: c3', '8: d4', '10: e5', '14: f6'],
      problems: [],
    })
  })

  it.each([
    ['a number', '7', 'a number'],
    ['null', 'null', 'null'],
    ['a string', '"a1"', 'a string'],
    ['a truth', 'true', 'a boolean'],
  ])('that is %s says so', async (_name, text, kind) => {
    const { ids, problems } = await readJson(text)
    expect(ids).toEqual([])
    expect(problems).toEqual([
      {
        message: `list.json: This is ${kind}. Use an array of strings or of objects.`,
        file: 'list.json',
        line: 1,
      },
    ])
  })

  it.each([
    ['a number', '12', 'Entry 2 is a number, not a string or an object. Put quotes around it.'],
    ['null', 'null', 'Entry 2 is null, not a string or an object. Correct it, or remove the entry.'],
    ['a truth', 'false', 'Entry 2 is a boolean, not a string or an object. Correct it, or remove the entry.'],
    [
      'an array',
      '["b2"]',
      'Entry 2 is an array, not a string or an object. Correct it, or remove the entry.',
    ],
    ['a number as id', '{"id": 1e10}', 'Entry 2: "id" is a number, not a string. Put quotes around it.'],
    [
      'null as id',
      '{"Id": null, "name": "b2"}',
      'Entry 2: "Id" is null, not a string. Correct it, or remove the entry.',
    ],
    [
      'an object as id',
      '{"id": {"id": "b2"}}',
      'Entry 2: "id" is an object, not a string. Correct it, or remove the entry.',
    ],
    [
      'an array as id',
      '{"id": ["b2"]}',
      'Entry 2: "id" is an array, not a string. Correct it, or remove the entry.',
    ],
    [
      'no id',
      '{"name": "Bob"}',
      'Entry 2: No key `id`, `identityId`, `identity-id`, or `identity_id`. Found: "name". Rename the key, or set `identity-id-column`.',
    ],
    [
      'nothing',
      '{}',
      'Entry 2: No key `id`, `identityId`, `identity-id`, or `identity_id`. There are no keys. Rename the key, or set `identity-id-column`.',
    ],
    [
      'two ids',
      '{"id": "b2", "identityId": "b3"}',
      'Entry 2: Several columns may hold the identifier: "id", "identityId". Set `identity-id-column` to the right one.',
    ],
    ['an empty id', '{"id": ""}', 'An identifier is empty. Add it, or remove the entry.'],
  ])('with an entry that is or has %s says which', async (_name, entry, reason) => {
    const { ids, problems } = await readJson(`["a1",\r\n\r\n${entry}, "c3"]`)
    expect(ids).toEqual(['a1', 'c3'])
    expect(problems).toEqual([{ message: `list.json: ${reason}`, file: 'list.json', line: 3 }])
  })

  it.each([
    ['at once', '{"id": "b2", "id": "b3"}', 'id'],
    ['written in two ways', String.raw`{"id": "b2", "\u0069d": "b3"}`, 'id'],
    ['deeper', '{"id": "b2", "x": {"y": 1, "y": [2]}}', 'y'],
  ])('with a key twice in an object is read no further: %s', async (_name, entry, key) => {
    const { ids, problems } = await readJson(`["a1",\n${entry}, "c3"]`)
    expect(ids).toEqual(['a1'])
    expect(problems).toEqual([
      {
        message: `list.json: The key "${key}" appears twice in one object. Remove one of them.`,
        file: 'list.json',
        line: 2,
      },
    ])
  })

  it('tells once what is wrong with the columns of all its objects', async () => {
    const { problems } = await readJson(
      `[${Array.from({ length: 30 }, () => '{"name": "Ann"}').join(',\n')}]`,
    )
    expect(problems).toMatchObject([
      { message: expect.stringMatching(/ 29 more entries have the same problem\.$/), line: 1 },
    ])
  })

  it('may hold names and reasons', async () => {
    const { identities } = await readJson(
      '[{"id": "a1", "name": "Ann", "Reason": "back", "x": 1}, {"id": "b2", "name": null}]',
    )
    expect(identities).toMatchObject([
      { listedName: 'Ann', reason: 'back' },
      { listedName: null, reason: null },
    ])
  })

  it('is read by the key identity-id-column names', async () => {
    const text = '[{"id": "no", "Employee": "a1"}, {"EMPLOYEE": "b2"}, {"employee": "c3", "Employee": "no"}]'
    expect(await readJson(text, 'employee')).toMatchObject({ ids: ['a1', 'b2', 'c3'], problems: [] })
    const { problems } = await readJson('[{"id": "a1"}]', 'employee')
    expect(problems).toEqual([
      {
        message:
          'list.json: Entry 1: No key "employee" (`identity-id-column`). Found: "id". Set `identity-id-column` to one of these.',
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
    ['a comma too many', '[\n"a1"\n,\n]\n\n', 4],
    ['a comma too many in an object', '[{\n"id": "a1",\n}\n,\n"b2"]', 3],
    ['a text of two lines', '["a1\n"]', 1],
    ['a text without quotes', '[\n\n"a1",\n(line 77,\n"b2"\n]', 4],
    ['a key without quotes', '[\n{"id": "a1"},\n{id: "b2"},\n{"id": "c3"}]', 3],
    ['a key that is a number', '[\n{7: "b2"},\n{"id": "c3"}]', 2],
    ['a key without a value', '[\n{"id"},\n{"id": "c3"}]', 2],
    ['single quotes', "[\n'a1',\n'b2'\n]", 2],
    ['an escape that JSON does not have', '[\n"a\\x31",\n"b2"\n]', 2],
    ['a number with a zero before it', '["a1",\n0123,\n"b2"]', 2],
    ['a white space of no JSON', '["a1",\n"b2",\u00a0\n"c3"]', 2],
    ['an array that is not closed', '["a1",\n"b2"\n\n', 2],
    ['a text that is not closed', '["a1",\n"b2\n,"c3"\n]', 2],
    ['something behind it', '["a1"]\n\n\n"(line 77 "\n\n', 4],
    ['something behind an object', '{"ids": ["a1"]}\n]\n\n', 2],
  ])('that is not JSON says on which line, and quotes nothing: %s', async (_name, text, line) => {
    const { problems } = await readJson(text)
    expect(problems).toEqual([
      {
        message:
          'list.json: This is not valid JSON. Put strings in double quotes, separate them with commas, remove a trailing comma, and close what is open.',
        file: 'list.json',
        line,
      },
    ])
  })

  it.each(['[\n"a1"\n', '[{\n"id":\n', '[\n[\n'])('that is cut off says so: %j', async (text) => {
    const { problems } = await readJson(text)
    expect(problems.at(-1)).toEqual({
      message: expect.stringMatching(/^list\.json: This is not valid JSON\..* close what is open\.$/),
      file: 'list.json',
      line: 2,
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
  ])('that is not JSON is invalid: %j', async (text) => {
    const { problems } = await readJson(text)
    expect(problems).toMatchObject([
      { message: expect.stringMatching(/^list\.json: This is not valid JSON\. /) },
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

  it('that is deeper than any list is invalid', async () => {
    const { problems } = await readJson(`["a1",\n{"id": "b2", "x": ${'['.repeat(1_000_000)}`)
    expect(problems).toEqual([
      { message: 'list.json: The JSON is nested too deeply.', file: 'list.json', line: 2 },
    ])
  })

  it('may hold aliases with spaces and quotes, but not half a character', async () => {
    const aliases = ['Smith, Ann', 'Bob "B" \\ Ärm', '👍', '# no comment']
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
