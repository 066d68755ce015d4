// The few system calls that Node lacks, through koffi. Nothing is loaded on import, but when a gateway is made.
// Where koffi or a call is missing, `loadNative` says why, and child_process serves instead (spawn-fallback.ts).

import { createRequire } from 'node:module'
import { closeSync, constants, readdirSync } from 'node:fs'
import type { ByteString } from '../bytes/byte-string.ts'

type KoffiModule = typeof import('koffi')
type Call = (...values: readonly unknown[]) => number
type AsyncCall = Call & { readonly async: (...values: readonly unknown[]) => void }

export interface Native {
  address(bytes: Buffer): bigint
  readonly posixSpawn: AsyncCall
  readonly fileActionsInit: Call
  readonly fileActionsDestroy: Call
  readonly fileActionsAddDup2: Call
  readonly fileActionsAddChdir: Call
  /** Attributes of every start: own process group, default signals, empty signal mask. */
  readonly attributes: Buffer
  readonly wait4: Call
  /** Orphans below this process become its children: it is the first one, or has asked for them. Linux only. */
  readonly adoptsOrphans: boolean
  /** Whether the thread that calls has a child that has ended and was not waited for. Linux only. */
  hasEndedChild(): boolean
  /** A read does not wait. */
  doNotBlock(fd: number): void
  /** How many bytes there were; -1: none at present. Node itself would throw, which costs more than the read. */
  read(fd: number, into: Buffer): number
  /** A pipe whose ends are closed on exec. Throws with the system's code. */
  pipe(): { readonly readEnd: number; readonly writeEnd: number }
  /** A FIFO that is its owner's alone; false where it cannot be. */
  makeFifo(path: string): boolean
  /** Two connected Unix stream sockets, closed on exec. Throws with the system's code. */
  socketPair(): { readonly ours: number; readonly theirs: number }
  /** The error that lies on a socket, as errno, which is taken from it; 0: none. */
  socketError(fd: number): number
  /** A Unix socket that listens at this path, waits in accept, and is closed on exec. Throws with the system's code. */
  listenAt(path: ByteString, backlog: number): number
  /**
   * Sends without waiting: how many bytes were taken, the descriptors with the first of them; -1: the other end is gone,
   * or takes nothing now. `bytes` must lie in memory that does not move (`Buffer.allocUnsafeSlow`).
   */
  sendWithDescriptors(socket: number, bytes: Buffer, descriptors: readonly number[]): number
}

export type NativeOrReason = { readonly native: Native } | { readonly reason: string }

const setPgroup = 0x02
const setSigdef = 0x04
const setSigmask = 0x08
const fSetfd = 2
const fSetfl = 4
const fdCloexec = 1
/** Linux: of pipe2, and of socketpair under another name. */
const oCloexec = 0o2000000
const afUnix = 1
const sockStream = 1

let loaded: NativeOrReason | undefined

/** Loads once for the process; POSTERN_NATIVE=off in the environment asks for the fallback. */
export function loadNative(): NativeOrReason {
  loaded ??= load()
  return loaded
}

function load(): NativeOrReason {
  if (process.env['POSTERN_NATIVE'] === 'off') return { reason: 'POSTERN_NATIVE=off' }
  if (process.platform !== 'linux' && process.platform !== 'darwin')
    return { reason: `not made for ${process.platform}` }
  try {
    const koffi = createRequire(import.meta.url)('koffi') as KoffiModule
    return { native: bind(koffi) }
  } catch (error) {
    return { reason: error instanceof Error ? (error.message.split('\n', 1)[0] ?? 'unknown') : String(error) }
  }
}

function bind(koffi: KoffiModule): Native {
  // Calls on other threads borrow memory; these are so small that a lot of it need not be made and given back each time.
  koffi.config({ ...koffi.config(), resident_async_pools: 16, async_stack_size: 64 * 1024, async_heap_size: 64 * 1024 })
  const libc = koffi.load(null)
  const call = (prototype: string): AsyncCall => libc.func(prototype)
  const fcntl = call('int fcntl(int fd, int command, ...)')
  const closeOnExec = (fd: number): void => {
    fcntl(fd, fSetfd, 'int', fdCloexec)
  }
  // Security: what this process inherited itself (a shell's descriptor 3, say) must not reach a script either.
  for (const name of readdirSync('/dev/fd')) if (Number(name) > 2) closeOnExec(Number(name))

  const attributes = Buffer.alloc(1024)
  const allSignals = Buffer.alloc(128)
  const noSignals = Buffer.alloc(128)
  call('int sigfillset(void *set)')(allSignals)
  call('int posix_spawnattr_init(void *attributes)')(attributes)
  call('int posix_spawnattr_setflags(void *attributes, short flags)')(attributes, setPgroup | setSigdef | setSigmask)
  call('int posix_spawnattr_setpgroup(void *attributes, int group)')(attributes, 0)
  call('int posix_spawnattr_setsigdefault(void *attributes, void *set)')(attributes, allSignals)
  call('int posix_spawnattr_setsigmask(void *attributes, void *set)')(attributes, noSignals)

  const send = descriptorSender(call, (bytes) => koffi.address(bytes))
  const socketPair = call('int socketpair(int domain, int type, int protocol, void *ends)')
  const read = call('long read(int fd, void *into, size_t length)')
  const mkfifo = call('int mkfifo(const char *path, unsigned int mode)')
  const ends = Buffer.alloc(8)
  const makePipe = pipeMaker(call, ends, closeOnExec)
  return {
    address: (bytes) => koffi.address(bytes),
    posixSpawn: call('int posix_spawn(void *pid, void *path, void *actions, void *attributes, void *argv, void *envp)'),
    fileActionsInit: call('int posix_spawn_file_actions_init(void *actions)'),
    fileActionsDestroy: call('int posix_spawn_file_actions_destroy(void *actions)'),
    fileActionsAddDup2: call('int posix_spawn_file_actions_adddup2(void *actions, int from, int to)'),
    fileActionsAddChdir: call('int posix_spawn_file_actions_addchdir_np(void *actions, void *path)'),
    attributes,
    wait4: call('int wait4(int pid, void *status, int options, void *usage)'),
    ...orphanLooks(call),
    doNotBlock(fd) {
      fcntl(fd, fSetfl, 'int', constants.O_NONBLOCK)
    },
    read: (fd, into) => read(fd, into, into.length),
    pipe() {
      if (makePipe() !== 0) throw Object.assign(new Error('no pipe could be made'), { code: 'EMFILE' })
      return { readEnd: ends.readInt32LE(0), writeEnd: ends.readInt32LE(4) }
    },
    makeFifo: (path) => mkfifo(path, 0o600) === 0,
    socketPair() {
      const isLinux = process.platform === 'linux'
      if (socketPair(afUnix, isLinux ? sockStream | oCloexec : sockStream, 0, ends) !== 0) {
        throw Object.assign(new Error('no sockets could be made'), { code: 'EMFILE' })
      }
      const [ours, theirs] = [ends.readInt32LE(0), ends.readInt32LE(4)]
      if (!isLinux) for (const end of [ours, theirs]) closeOnExec(end)
      return { ours, theirs }
    },
    socketError: socketErrorReader(call),
    listenAt: listener(call, closeOnExec),
    sendWithDescriptors: send,
  }
}

/** `sendmsg` with SCM_RIGHTS; its structures are laid out once, in one piece of memory. */
function descriptorSender(
  call: (prototype: string) => Call,
  addressOf: (bytes: Buffer) => bigint,
): (socket: number, bytes: Buffer, descriptors: readonly number[]) => number {
  const sendmsg = call('long sendmsg(int socket, void *message, int flags)')
  const memory = Buffer.allocUnsafeSlow(256).fill(0)
  const base = addressOf(memory)
  const isLinux = process.platform === 'linux'
  const [vectorAt, controlAt] = [64, 96]
  // struct msghdr: name, namelen, iov, iovlen, control, controllen, flags.
  memory.writeBigUInt64LE(base + BigInt(vectorAt), 16)
  memory.writeUInt32LE(1, 24)
  memory.writeBigUInt64LE(base + BigInt(controlAt), 32)
  // struct cmsghdr: its length (of another width on macOS), SOL_SOCKET, SCM_RIGHTS; then the descriptors.
  const [levelAt, headBytes] = isLinux ? [8, 16] : [4, 12]
  memory.writeInt32LE(isLinux ? 1 : 0xffff, controlAt + levelAt)
  memory.writeInt32LE(1, controlAt + levelAt + 4)
  const flags = isLinux ? 0x4040 : 0x80 // MSG_DONTWAIT, and MSG_NOSIGNAL where there is one; Node ignores SIGPIPE.
  return (socket, bytes, descriptors) => {
    memory.writeBigUInt64LE(addressOf(bytes), vectorAt)
    memory.writeBigUInt64LE(BigInt(bytes.length), vectorAt + 8)
    const length = headBytes + 4 * descriptors.length
    memory.writeUInt32LE((length + 7) & ~7, 40)
    memory.writeUInt32LE(length, controlAt)
    for (const [index, descriptor] of descriptors.entries()) {
      memory.writeInt32LE(descriptor, controlAt + headBytes + 4 * index)
    }
    return sendmsg(socket, memory, flags)
  }
}

function socketErrorReader(call: (prototype: string) => Call): (fd: number) => number {
  const getsockopt = call('int getsockopt(int socket, int level, int name, void *value, void *length)')
  const [solSocket, soError] = process.platform === 'linux' ? [1, 4] : [0xffff, 0x1007]
  const value = Buffer.alloc(4)
  const length = Buffer.alloc(4)
  return (fd) => {
    length.writeUInt32LE(value.length)
    return getsockopt(fd, solSocket, soError, value, length) === 0 ? value.readInt32LE() : 0
  }
}

/** socket, bind, listen: Node's own listening sockets do not block, and are accepted on by Node. */
function listener(
  call: (prototype: string) => Call,
  closeOnExec: (fd: number) => void,
): (path: ByteString, backlog: number) => number {
  const socket = call('int socket(int domain, int type, int protocol)')
  const bindTo = call('int bind(int socket, void *address, unsigned int length)')
  const listen = call('int listen(int socket, int backlog)')
  const isLinux = process.platform === 'linux'
  return (path, backlog) => {
    // struct sockaddr_un: the family (on macOS after a length, one byte each), then the path.
    const address = Buffer.alloc(isLinux ? 110 : 106)
    if (path.length > address.length - 3) throw Object.assign(new Error('too long a path'), { code: 'ENAMETOOLONG' })
    if (isLinux) address.writeUInt16LE(afUnix, 0)
    else address.set([address.length, afUnix])
    address.write(path, 2, 'latin1')
    const fd = socket(afUnix, isLinux ? sockStream | oCloexec : sockStream, 0)
    if (fd < 0) throw Object.assign(new Error('no socket could be made'), { code: 'EMFILE' })
    if (!isLinux) closeOnExec(fd)
    if (bindTo(fd, address, address.length) === 0 && listen(fd, backlog) === 0) return fd
    closeSync(fd)
    throw Object.assign(new Error('no socket could be made'), { code: 'EADDRNOTAVAIL' })
  }
}

function orphanLooks(call: (prototype: string) => Call): Pick<Native, 'adoptsOrphans' | 'hasEndedChild'> {
  if (process.platform !== 'linux') return { adoptsOrphans: false, hasEndedChild: () => false }
  const waitid = call('int waitid(int type, unsigned int id, void *info, int options)')
  const options = 0x01 | 0x04 | 0x01000000 | 0x20000000 // WNOHANG, WEXITED, WNOWAIT, __WNOTHREAD
  const info = Buffer.alloc(128)
  const getChildSubreaper = 37
  call('int prctl(int option, ...)')(getChildSubreaper, 'void *', info)
  return {
    adoptsOrphans: process.pid === 1 || info.readInt32LE() === 1,
    hasEndedChild: () => waitid(0, 0, info, options) === 0 && info.readInt32LE() !== 0,
  }
}

/** macOS has no pipe2; there POSIX_SPAWN needs the flag set one call later. */
function pipeMaker(call: (prototype: string) => Call, ends: Buffer, closeOnExec: (fd: number) => void): () => number {
  if (process.platform === 'linux') {
    const pipe2 = call('int pipe2(void *ends, int flags)')
    return () => pipe2(ends, oCloexec)
  }
  const pipe = call('int pipe(void *ends)')
  return () => {
    const result = pipe(ends)
    if (result === 0) for (const at of [0, 4]) closeOnExec(ends.readInt32LE(at))
    return result
  }
}
