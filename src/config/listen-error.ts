// Why a socket cannot be listened on, in words that say what to do.

import type { ListenPlace } from '../frontends/listening.ts'

export class ListenError extends Error {
  override readonly name = 'ListenError'
  /** The system's. */
  readonly code: string

  constructor(message: string, code: string, cause: unknown) {
    super(message, { cause })
    this.code = code
  }

  /** An error that is not of the system is given back as it is. */
  static of(error: unknown, protocol: string, place: ListenPlace): unknown {
    if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error
    const why =
      place.kind === 'unix'
        ? ofFile(error.code, place.path)
        : place.kind === 'tcp'
          ? ofPort(error.code, place)
          : ofDescriptor(error.code, place.fd)
    return new ListenError(`${protocol}: ${why ?? error.message}`, error.code, error)
  }
}

function ofFile(code: string, path: string): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `another program listens on the socket ${path}; end it, or choose another path`
    case 'EEXIST':
      return `there is a file ${path} that is no socket; it is left alone, so choose another path`
    case 'EACCES':
      return `the folder of the socket ${path} cannot be written by this user; systemd’s RuntimeDirectory= makes one that can`
    case 'ENOENT':
    case 'ENOTDIR':
      return `the folder of the socket ${path} does not exist; make it first`
    case 'EPERM':
      return `the socket ${path} cannot be given to that owner; only root, or a member of the group, can do that`
    case 'EINVAL':
      return `the path of the socket is too long for the system: ${path}`
    default:
      return undefined
  }
}

function ofPort(code: string, { host, port }: { readonly host: string; readonly port: number }): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is taken by another program; choose another, or 0 for a free one`
    case 'EACCES':
      return `port ${port} needs more rights than this user has; ports from 1024 on are free to all`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine`
    default:
      return undefined
  }
}

/** Node says it in several ways. */
function ofDescriptor(code: string, fd: number): string {
  return `descriptor ${fd} is no socket that listens (${code}); whoever starts this must hand one over, as FastCGI 2.2 and systemd do`
}
