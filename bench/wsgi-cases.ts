/** The WSGI applications of `programs/wsgi`, each with the threads that it is served with and the cases it answers. */
import { mebibyte, type Case } from './case.ts'
import { missingPythonModule, processes } from './peers/wsgi/wsgi-peer.ts'

export interface WsgiApplication {
  readonly module: string
  /** In each process. */
  readonly threads: number
  readonly cases: readonly Case[]
}

const bulkMebibytes = 64
/** 251 is prime, so a piece that is lost or sent twice changes what follows it. */
const piece = Buffer.from(Uint8Array.from({ length: 64 * 1024 }, (_, at) => at % 251))

/** The file that the application `bulk` gives: the same piece again and again. */
export const bulkFile: Buffer = Buffer.alloc(bulkMebibytes * mebibyte, piece)

const sleepThreads = 8
const sleepSeconds = 0.02

const common = { path: '', unavailable: () => undefined, connections: 32, rate: { kind: 'requests' } } as const
/** One connection for each process: more would only wait. */
const bulk = { ...common, connections: processes }

export const wsgiApplications: readonly WsgiApplication[] = [
  {
    module: 'hello',
    threads: 1,
    cases: [{ ...common, name: 'wsgi-hello', title: 'WSGI, hello', isRight: says('hello from WSGI\n') }],
  },
  {
    module: 'flask_hello',
    threads: 1,
    cases: [
      {
        ...common,
        name: 'wsgi-flask',
        title: 'WSGI, Flask hello',
        unavailable: () => missingPythonModule('flask'),
        isRight: says('hello from Flask\n'),
      },
    ],
  },
  {
    module: 'sleep',
    threads: sleepThreads,
    cases: [
      {
        ...common,
        name: 'wsgi-sleep',
        title: `WSGI, sleeps ${sleepSeconds * 1000} ms, ${processes} x ${sleepThreads} threads`,
        isRight: says('slept 20 ms\n'),
        rate: { kind: 'share', limit: (processes * sleepThreads) / sleepSeconds },
      },
    ],
  },
  {
    module: 'bulk',
    threads: 1,
    cases: [
      {
        ...bulk,
        name: 'wsgi-upload',
        title: `WSGI, upload of ${bulkMebibytes} MiB`,
        path: 'upload',
        isRight: says(`${bulkFile.length}\n`),
        rate: { kind: 'upload', mebibytes: bulkMebibytes },
      },
      {
        ...bulk,
        name: 'wsgi-download',
        title: `WSGI, download of ${bulkMebibytes} MiB`,
        path: 'download',
        isRight: (body) => body.equals(bulkFile),
        rate: { kind: 'download' },
      },
      {
        ...bulk,
        name: 'wsgi-file',
        title: `WSGI, the same by wsgi.file_wrapper`,
        path: 'file',
        isRight: (body) => body.equals(bulkFile),
        rate: { kind: 'download' },
      },
    ],
  },
]

function says(text: string): Case['isRight'] {
  return (body) => body.toString('latin1') === text
}
