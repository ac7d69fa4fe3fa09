import { describe, expect, it } from '@jest/globals'

import { hasInvalidRange, matcherOf, namesOf } from '../../src/list/glob.ts'

describe('a glob', () => {
  it.each([
    ['*.txt', ['a.txt', '.a.txt', '.txt'], ['x/a.txt', 'a.csv', 'a.txt.bak']],
    ['?.txt', ['a.txt', 'ä.txt'], ['ab.txt', '.txt', '/.txt']],
    ['[ab].txt', ['a.txt'], ['c.txt', '[ab].txt']],
    ['[!a-c].txt', ['d.txt'], ['b.txt', '/.txt']],
    ['[]a].txt', [']', 'a'].map((name) => `${name}.txt`), ['b.txt']],
    ['a[.txt', ['a[.txt'], ['a.txt']],
    ['**/*.csv', ['a.csv', 'x/a.csv', 'x/y/.a.csv'], ['a.csv/b']],
    ['x/**', ['x/a', 'x/y/a'], ['x', 'xa']],
    ['x/**/**/a', ['x/a', 'x/y/z/a'], ['x/ya']],
    ['x**/a', ['x/a', 'xy/a'], ['x/y/a']],
    ['*/a', ['x/a', '.x/a'], ['/a', 'a', 'x/y/a']],
    ['{a,b}.txt', ['{a,b}.txt'], ['a.txt']],
    ['(a|b)+$^.txt', ['(a|b)+$^.txt'], ['a.txt']],
  ])('%s matches as @actions/glob does', (glob, matched, others) => {
    const matcher = matcherOf(glob)
    expect(matched.filter((path) => !matcher.test(path))).toEqual([])
    expect(others.filter((path) => matcher.test(path))).toEqual([])
  })

  it('matches nothing where a range runs backwards', () => {
    expect(hasInvalidRange('lists/[z-a].csv')).toBe(true)
    expect(matcherOf('lists/[z-a].csv').test('lists/z.csv')).toBe(false)
    expect(
      ['x [9/1].csv', '[a-z].csv', '[z-a.csv', '[-a].csv', 'z-a.csv', '[a-c-b].csv'].filter(hasInvalidRange),
    ).toEqual([])
  })

  const onPosix = process.platform === 'win32' ? it.skip : it // there, \ is between folders
  onPosix('may have characters that are escaped', () => {
    expect(matcherOf('a\\*[\\*].txt').test('a**.txt')).toBe(true)
    expect(matcherOf('a\\*.txt').test('ab.txt')).toBe(false)
  })
})

it('a file of any version is named by its exact name, or by a glob that no later line takes back', () => {
  const isNamed = (path: string, ...lines: string[]): boolean => namesOf(lines, ['/work'])(path)
  expect(isNamed('a [1].csv', 'a [1].csv')).toBe(true)
  expect(isNamed('a 1.csv', 'a [1].csv')).toBe(true)
  expect(isNamed('lists/a.csv', './lists/*.csv')).toBe(true)
  expect(isNamed('lists/a.csv', '/work/lists/a.csv')).toBe(true)
  expect(isNamed('lists/old/a.csv', 'lists/**', '!lists/old')).toBe(false)
  expect(isNamed('lists/old/a.csv', '!lists/old', 'lists/**')).toBe(true)
  expect(isNamed('a.csv', '../work2/*.csv', '*.txt')).toBe(false)
})
