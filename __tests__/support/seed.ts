/** Before every test file: the environment variable `SEED` is the seed of all random tests. */
const { SEED } = process.env
if (SEED) (await import('fast-check')).configureGlobal({ seed: Number(SEED) })

export {}
