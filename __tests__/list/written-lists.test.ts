import { expect, it } from '@jest/globals'
import fc from 'fast-check'

import { comparable } from '../../src/policy/exclusion.ts'
import type { IdentifyBy } from '../../src/settings.ts'
import { inWorkspace, read, readFileNamed } from '../support/list-reading.ts'
import { runs } from '../support/runs.ts'
import { WRITERS, type Table, type Writer } from './writers.ts'

const RUNS = runs(100, 10_000)
const TIMEOUT_MS = 60_000 + 60 * RUNS

/** An identity as ISC has it. */
interface Person {
  readonly id: string
  readonly alias: string
  readonly email: string
  readonly name: string
}

const WORD = fc
  .array(fc.constantFrom(...'abcdefghäéøñ01'.split('')), { minLength: 1, maxLength: 8 })
  .map((letters) => letters.join(''))

const PERSON: fc.Arbitrary<Person> = fc
  .record({
    id: fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: 32, maxLength: 32 }),
      fc.uuid(),
      // What a spreadsheet takes for a number.
      fc.string({ unit: fc.constantFrom(...'123456789'.split('')), minLength: 32, maxLength: 32 }),
    ),
    alias: fc.oneof(
      fc.tuple(WORD, WORD).map(([first, last]) => `x${first}.${last}`),
      fc.tuple(WORD, WORD).map(([first, last]) => `x${last}, ${first}`),
      fc.tuple(WORD, WORD).map(([first, last]) => `x${first} ${last}`),
      fc.constantFrom('1234567890123', 'X"Q" Jones', "O'Hara"),
    ),
    email: fc.tuple(WORD, fc.nat({ max: 99 })).map(([word, n]) => `${word}.${n}@example.com`),
    name: fc.tuple(WORD, WORD).map(([first, last]) => `${first} ${last}`),
  })
  .filter(({ id }) => !/^\d{15}0{17}$/.test(id))

const PEOPLE = fc.uniqueArray(PERSON, {
  minLength: 1,
  maxLength: 6,
  comparator: (a, b) =>
    comparable(a.id) === comparable(b.id) ||
    comparable(a.alias) === comparable(b.alias) ||
    comparable(a.email) === comparable(b.email),
})

const IDENTIFY_BY = fc.constantFrom<IdentifyBy>('id', 'alias', 'email')
const WRITER = fc.constantFrom(...Object.keys(WRITERS)).map((name): Writer & { readonly name: string } => {
  const writer = WRITERS[name]
  if (writer === undefined) throw new Error(`There is no writer ${name}.`)
  return { name, ...writer }
})
const NEIGHBOR = fc.constantFrom('', 'Sales; Nord', 'a, b', '1,5', 'said "yes"', 'two\nlines', '#7')

/** Names of columns for each kind of identifier, usual ones. */
const NAMES = {
  id: ['id', 'ID', 'identityId'],
  alias: ['alias', 'Alias'],
  email: ['email', 'E-Mail', 'Work Email'],
} as const

it(
  'a list that any program wrote gives the same identities, or is an error',
  async () => {
    let read = 0
    await fc.assert(
      fc.asyncProperty(
        PEOPLE,
        IDENTIFY_BY,
        WRITER,
        fc.array(NEIGHBOR, { minLength: 6, maxLength: 6 }),
        fc.nat({ max: 2 }),
        fc.nat({ max: 2 }),
        async (people, identifyBy, { extension, write }, notes, place, spelling) => {
          // In text, a comma is between aliases.
          fc.pre(
            extension !== 'txt' ||
              identifyBy !== 'alias' ||
              people.every(({ alias }) => !alias.includes(',')),
          )
          const columns: [string, (person: Person, index: number) => string][] = [
            ['Name', ({ name }) => name],
            ['note', (_person, index) => notes[index] ?? ''],
          ]
          const header = NAMES[identifyBy][spelling % NAMES[identifyBy].length] ?? ''
          columns.splice(place, 0, [header, (person) => person[identifyBy]])
          const table: Table = {
            header: columns.map(([name]) => name),
            rows: people.map((person, index) => columns.map(([, cell]) => cell(person, index))),
          }
          const { ids, problems } = await readFileNamed(`list.${extension}`, write(table, place), {
            identifyBy,
          })
          if (problems.length > 0) return
          read += 1
          expect(ids).toEqual(people.map((person) => person[identifyBy]))
        },
      ),
      { numRuns: RUNS },
    )
    // Most writers and lists go together.
    expect(read).toBeGreaterThan(RUNS / 3)
  },
  TIMEOUT_MS,
)

/** How people write an identifier down. */
const FORMS: ((text: string, person: Person) => string)[] = [
  (text) => text,
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => ` ${text}\u00a0`,
  (text) => `${text}\u200b`,
  (text) => `\ufeff${text}`,
  (text) => text.replaceAll('-', ''),
  (text) => text.replace(/^(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})$/, '$1-$2-$3-$4-$5'),
  (text, { name }) => `${name} <${text}>`,
  (text) => `mailto:${text}`,
  (text) => `ACME\\${text}`,
  (text) => `"${text}"`,
  (text) => `'${text}`,
  (text) => `="${text}"`,
  (text) => `${text};`,
  (text) => `${text} (left)`,
  (_text, { email }) => email.replace(/^[^@]*/, '*'),
]

/** With a note, as text files may have it. */
const NOTE = FORMS.push((text) => `${text} # left`) - 1

it(
  'a deny list that any program wrote, with any identifiers, excludes all that it names, or is an error',
  async () => {
    let excluded = 0
    await fc.assert(
      fc.asyncProperty(
        PEOPLE,
        IDENTIFY_BY,
        WRITER,
        fc.array(fc.constantFrom<IdentifyBy>('id', 'alias', 'email'), { minLength: 1, maxLength: 2 }),
        fc.array(fc.constantFrom(...FORMS.keys()), { minLength: 6, maxLength: 6 }),
        fc.nat({ max: 6 }),
        fc.boolean(),
        async (people, identifyBy, { extension, write }, kinds, forms, from, isPlain) => {
          const denied = people.slice(from % people.length)
          // On one line, all text after a note belongs to the note.
          fc.pre(
            !/; |, /.test(String(write({ header: [''], rows: [['a'], ['b']] }, 0))) || !forms.includes(NOTE),
          )
          const header = ['Name', ...kinds.map((kind) => (kind === 'id' ? 'identityId' : kind))]
          const cell = (person: Person, kind: IdentifyBy, index: number): string =>
            FORMS[isPlain ? 0 : (forms[index] ?? 0)]?.(person[kind], person) ?? ''
          const table: Table = {
            header,
            rows: denied.map((person, index) => [
              person.name,
              ...kinds.map((kind) => cell(person, kind, index)),
            ]),
          }
          const inline = JSON.stringify(people.map((person) => person[identifyBy]))
          const name = `deny.${extension}`
          const { list, problems } = await inWorkspace({ [name]: write(table, 1) }, (workspace) =>
            read({ inline, identifyBy, excludeFiles: [name], workspace }),
          )
          if (problems.length > 0) return
          excluded += 1
          for (const person of denied) {
            // Of IDs, ISC need not be asked for anything else.
            const known =
              identifyBy === 'id' ? [person.id] : [person[identifyBy], person.id, person.alias, person.email]
            expect(list.denyList?.match(known)).toMatchObject({ by: 'deny-list', bySource: { file: name } })
          }
        },
      ),
      { numRuns: RUNS },
    )
    expect(excluded).toBeGreaterThan(RUNS / 20)
  },
  TIMEOUT_MS,
)
