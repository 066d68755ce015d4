/** The cases of `programs/serve`. */
import { mebibyte, type Case } from './case.ts'

const downloadMebibytes = 16
/** As `programs/serve/answers.mjs` has them. */
const download = Buffer.alloc(
  downloadMebibytes * mebibyte,
  Uint8Array.from({ length: 65536 }, (_, at) => at % 251),
)
const echoBytes = 200

const common = { unavailable: () => undefined, connections: 32, rate: { kind: 'requests' } } as const

export const appCases: readonly Case[] = [
  {
    ...common,
    name: 'app-hello',
    title: 'hello',
    path: 'hello',
    isRight: (body) => body.toString('latin1') === 'hello from an application\n',
  },
  {
    ...common,
    name: 'app-echo',
    title: `echo of ${echoBytes} bytes`,
    path: 'echo',
    postBytes: echoBytes,
    isRight: (body) => body.equals(Buffer.alloc(echoBytes, 'x')),
  },
  {
    ...common,
    name: 'app-download',
    title: `download of ${downloadMebibytes} MiB`,
    path: 'download',
    connections: 2,
    rate: { kind: 'download' },
    isRight: (body) => body.equals(download),
  },
]
