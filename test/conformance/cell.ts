// The matrix: who brings a request, and who answers it. A cell is one of each.

export const frontendNames = ['http', 'node', 'fetch', 'cgi', 'fastcgi', 'scgi', 'uwsgi'] as const
export type FrontendName = (typeof frontendNames)[number]

export const executorNames = ['process', 'warm', 'fastcgi', 'scgi', 'uwsgi', 'http', 'function', 'application'] as const
export type ExecutorName = (typeof executorNames)[number]

/** The last two: by workers of an interpreter that is warm, in whose language the programs are (warm-scripts.ts). */
export type Starter = 'posix_spawn' | 'child_process' | 'warm python' | 'warm perl'

export interface Cell {
  readonly frontend: FrontendName
  readonly executor: ExecutorName
  /** How programs are started: by the executor itself, or in the second gateway, which the executor asks. */
  readonly starter: Starter
}

/** Executors that ask somebody else: in the matrix a second gateway of ours, which runs the programs. */
export const upstreams: readonly ExecutorName[] = ['fastcgi', 'scgi', 'uwsgi', 'http', 'function', 'application']

/** Frontends that a web server in front asks. */
export const behindServers: readonly FrontendName[] = ['cgi', 'fastcgi', 'scgi', 'uwsgi']

/** An application is its web server's to start: no program embeds it. */
export function executorsOf(frontend: FrontendName): readonly ExecutorName[] {
  const isEmbedded = frontend === 'node' || frontend === 'fetch'
  return executorNames.filter((executor) => executor !== 'application' || !isEmbedded)
}

export function cellOf(frontend: FrontendName, executor: ExecutorName): Cell {
  if (executor !== 'warm') return { frontend, executor, starter: 'posix_spawn' }
  // Both languages, each in several rows.
  return { frontend, executor, starter: frontendNames.indexOf(frontend) % 2 === 0 ? 'warm python' : 'warm perl' }
}

/**
 * Whether all cases run that the cell can express, or a core of them, to save time: the row of http and the columns of
 * process and application have all, and so has a cell of each language of warm.
 */
export function isWhole({ frontend, executor, starter }: Cell): boolean {
  return (
    frontend === 'http' ||
    executor === 'process' ||
    executor === 'application' ||
    (frontend === 'node' && starter === 'warm perl')
  )
}
