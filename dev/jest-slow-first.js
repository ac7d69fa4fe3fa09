import Sequencer from '@jest/test-sequencer'

/**
 * Jest starts the largest files first where it does not know how long each takes, as on a fresh clone. Files that start
 * processes take longer than others, so they come before these. Otherwise the last of them runs alone.
 */
export default class SlowFirst extends Sequencer {
  sort(tests) {
    const isSlow = ({ duration, path }) =>
      duration === undefined && /[\\/](end-to-end|properties)[\\/]/.test(path)
    const sorted = super.sort(tests)
    return [...sorted.filter(isSlow), ...sorted.filter((test) => !isSlow(test))]
  }
}
