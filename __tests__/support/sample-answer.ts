/** A part of a valibot schema, as far as its form matters here. */
interface Part {
  readonly kind: string
  readonly type: string
  readonly entries?: Readonly<Record<string, Part>>
  readonly wrapped?: Part
  readonly item?: Part
  readonly options?: readonly Part[]
  readonly pipe?: readonly Part[]
}

/**
 * An answer that a schema accepts, in which every text is `text`, and every number `number`. Made from the schema
 * itself, so that a field that is added to it is filled too.
 */
export function sampleAnswer(schema: unknown, text: string, number: number): unknown {
  const sample = (part: Part | undefined): unknown => {
    const { type, pipe, entries = {}, wrapped, item, options } = part ?? { type: 'null' }
    // What the last schema of a pipe accepts, the ones before it hand on.
    if (pipe !== undefined) return sample(pipe.findLast(({ kind }) => kind === 'schema'))
    switch (type) {
      case 'object':
        return Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, sample(entry)]))
      case 'array':
        return item?.type === 'unknown' ? [] : [sample(item)]
      case 'nullable':
      case 'nullish':
      case 'optional':
        return sample(wrapped)
      case 'union':
        return sample(options?.[0])
      case 'number':
        return number
      case 'string':
      case 'unknown':
        return text
      default:
        throw new Error(`A schema of the type ${type} has no sample yet.`)
    }
  }
  return sample(schema as Part)
}
