import { jest } from '@jest/globals'

/** What a synchronous action writes to stdout. */
export function captureStdout(action: () => void): string {
  let output = ''
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    output += String(chunk)
    return true
  })
  try {
    action()
  } finally {
    spy.mockRestore()
  }
  return output
}
