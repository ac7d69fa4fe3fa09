import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A line to a port of this machine on which every byte takes so long, each way. */
export async function delayedLink(port: number, delayMs: number): Promise<{ port: number; stop(): void }> {
  const sockets = new Set<Socket>()
  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from)
    from
      .on('data', (bytes) => setTimeout(() => to.write(bytes), delayMs))
      .on('error', () => from.destroy())
      .on('close', () => setTimeout(() => to.destroy(), delayMs))
  }
  const server = createServer((socket) => {
    const far = connect(port, '127.0.0.1')
    pass(socket, far)
    pass(far, socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
