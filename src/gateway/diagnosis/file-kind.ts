// What a file is by its first bytes: text, or a program for this system or for another one. No I/O.

import { bytesOf, type ByteString } from '../../bytes/byte-string.ts'

export interface FileKind {
  readonly form: 'empty' | 'text' | 'utf-16' | 'elf' | 'mach-o' | 'pe' | 'java-class' | 'binary'
  /** In Node's words (`x64`, `arm64`, …); undefined for all but ELF. */
  readonly machine: string | undefined
  /** The program loader that an ELF program asks for. */
  readonly loader: ByteString | undefined
}

/** ELF, `e_machine`. */
const machines: Readonly<Record<number, string>> = {
  3: 'ia32',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
}

/** Programs of another machine that a system runs all the same. */
const alsoRuns: Readonly<Record<string, string>> = { x64: 'ia32', arm64: 'arm' }

export function fileKind(start: ByteString): FileKind {
  if (start.startsWith('\x7fELF')) return { form: 'elf', ...readElf(bytesOf(start)) }
  return { form: formOf(start), machine: undefined, loader: undefined }
}

/** What the file is, where it is a program that this system cannot run. */
export function foreignProgram(kind: FileKind, platform: string, arch: string): string | undefined {
  if (kind.form === 'pe') return platform === 'win32' ? undefined : 'a Windows program'
  if (kind.form === 'mach-o') return platform === 'darwin' ? undefined : 'a macOS program'
  if (kind.form === 'java-class') return 'a compiled Java class'
  if (kind.form !== 'elf') return undefined
  if (platform === 'darwin' || platform === 'win32') return 'a Linux or BSD program'
  if (kind.machine === arch || kind.machine === alsoRuns[arch]) return undefined
  return `a program for ${kind.machine ?? 'an unknown machine'}`
}

function formOf(start: ByteString): FileKind['form'] {
  if (start === '') return 'empty'
  if (start.startsWith('\xff\xfe') || start.startsWith('\xfe\xff')) return 'utf-16'
  if (start.startsWith('MZ') && start.slice(0, 1024).includes('\0')) return 'pe'
  if (/^(?:\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe)/.test(start)) return 'mach-o'
  // Mach-O for several machines and Java classes share their first four bytes; a class has its version (45 up) next.
  if (start.startsWith('\xca\xfe\xba\xbe')) return start.charCodeAt(7) >= 45 ? 'java-class' : 'mach-o'
  return start.slice(0, 1024).includes('\0') ? 'binary' : 'text'
}

function readElf(bytes: Buffer): { machine: string | undefined; loader: ByteString | undefined } {
  if (bytes.length < 64) return { machine: undefined, loader: undefined }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const isWide = bytes[4] === 2
  const isLittle = bytes[5] !== 2
  const number = view.getUint16(18, isLittle)
  return { machine: machines[number] ?? `machine number ${number}`, loader: readLoader(view, isWide, isLittle) }
}

/** The segment PT_INTERP (3), the path of a program loader with a NUL behind it. */
function readLoader(view: DataView, isWide: boolean, isLittle: boolean): ByteString | undefined {
  const word = (at: number): number => (isWide ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle))
  const table = word(isWide ? 32 : 28)
  const entryBytes = view.getUint16(isWide ? 54 : 42, isLittle)
  const count = view.getUint16(isWide ? 56 : 44, isLittle)
  for (let index = 0; index < count; index++) {
    const at = table + index * entryBytes
    if (at + 56 > view.byteLength) return undefined
    if (view.getUint32(at, isLittle) !== 3) continue
    const from = word(at + (isWide ? 8 : 4))
    const length = word(at + (isWide ? 32 : 16))
    if (length < 2 || length > 4096 || from + length > view.byteLength) return undefined
    return Buffer.from(view.buffer, view.byteOffset + from, length - 1).toString('latin1')
  }
  return undefined
}
