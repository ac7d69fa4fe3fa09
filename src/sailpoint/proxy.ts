/** A proxy to go through. */
export interface ProxyRoute {
  readonly url: string
}
