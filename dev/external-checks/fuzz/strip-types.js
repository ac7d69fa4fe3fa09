/** Lets jazzer.js instrument TypeScript: `node --import strip-types.js …` hands it the sources without their types. */
import { register, stripTypeScriptTypes } from 'node:module'
import { isMainThread } from 'node:worker_threads'

if (isMainThread) register(import.meta.url)

export async function load(url, context, next) {
  const module = await next(url, context)
  if (module.format !== 'module-typescript') return module
  return { ...module, format: 'module', source: stripTypeScriptTypes(String(module.source)) }
}
