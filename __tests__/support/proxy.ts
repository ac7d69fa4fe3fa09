import { afterEach } from '@jest/globals'

import { startProxy, type ProxyOptions, type RunningProxy } from '../../dev/proxy.ts'

const proxies: RunningProxy[] = []

afterEach(() => proxies.splice(0).forEach((proxy) => proxy.stop()))

/** A proxy that ends with the test. */
export async function proxyWith(options: ProxyOptions = {}): Promise<RunningProxy> {
  const proxy = await startProxy(options)
  proxies.push(proxy)
  return proxy
}
