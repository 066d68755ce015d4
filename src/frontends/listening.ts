// Starts a server at a place: a Unix socket with its mode and owner, an address with a port, or a descriptor that was
// handed over.

import { lchownSync, lstatSync, statSync, unlinkSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { dirname } from 'node:path'

export interface SocketFile {
  readonly kind: 'unix'
  readonly path: string
  readonly mode: number
  /** Undefined: whoever runs this. -1 leaves the user as it is. */
  readonly owner: { readonly user: number; readonly group: number } | undefined
}

export type ListenPlace =
  | SocketFile
  /** Port 0 takes a free one. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** FastCGI 2.2: descriptor 0; systemd: 3 and so on. It listens already. */
  | { readonly kind: 'fd'; readonly fd: number }

const backlog = 1024

/** Resolves to the place as it is shown, with the port that was taken. Rejects with the system's error. */
export async function startListening(server: Server, place: ListenPlace): Promise<string> {
  if (place.kind === 'unix') await listenOnFile(server, place)
  else if (place.kind === 'tcp') {
    await listening(server, () => server.listen({ host: place.host, port: place.port, backlog }))
  } else await listening(server, () => server.listen({ fd: place.fd, backlog }))
  const address = server.address()
  if (place.kind === 'unix') return `unix:${place.path}`
  if (address === null || typeof address === 'string') return place.kind === 'fd' ? `fd:${place.fd}` : ''
  return `${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}

async function listenOnFile(server: Server, { path, mode, owner }: SocketFile): Promise<void> {
  // Node would say EACCES.
  if (statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw Object.assign(new Error(`there is no folder ${dirname(path)}`), { code: 'ENOENT' })
  }
  await removeStale(path)
  const open = listening(server, () => {
    // Security: the file is made with its mode. To change that later would change whatever lies at the path by then, and
    // where others may write in the folder, that may be a link to somebody's file.
    const before = process.umask(0o777 & ~mode)
    try {
      server.listen({ path, backlog })
    } finally {
      process.umask(before)
    }
    // At once, and never through a link. Until then it is for this user and, where the mode says so, this group.
    if (owner !== undefined) lchownSync(path, owner.user, owner.group)
  })
  try {
    await open
  } catch (error) {
    server.close()
    throw error
  }
}

/** A socket that refuses connections is what a server left that could not clean up; one that takes them is in use. */
async function removeStale(path: string): Promise<void> {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return
  if (!stat.isSocket()) throw Object.assign(new Error(`${path} is there and is no socket`), { code: 'EEXIST' })
  const code = await new Promise<string>((resolve) => {
    const probe = connect({ path })
    probe.once('connect', () => resolve('EADDRINUSE'))
    probe.once('error', (error) => resolve('code' in error ? String(error.code) : ''))
    probe.once('close', () => probe.destroy())
    probe.once('connect', () => probe.destroy())
  })
  if (code === 'ECONNREFUSED') unlinkSync(path)
  // Full (EAGAIN) or not ours (EACCES): somebody listens.
  else if (code !== 'ENOENT') throw Object.assign(new Error(`${path} is in use`), { code: 'EADDRINUSE' })
}

function listening(server: Server, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.off('error', reject)
      resolve()
    })
    start()
  })
}
