/** What the bundle wants of Node 24 and Node 22 lacks. */
RegExp.escape ??= (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
