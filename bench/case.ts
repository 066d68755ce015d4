/** What a case is to the benchmark: what is asked for, under which load, and which figure comes of it. */
export interface Case {
  /** As in `--only`; a first part selects the group: `static`, `perl`, `python`, `wsgi`. */
  readonly name: string
  readonly title: string
  readonly path: string
  /** Why the case cannot run here. */
  readonly unavailable: () => string | undefined
  readonly isRight: (body: Buffer) => boolean
  /** Of the body that every request posts; for `upload` it is said there. */
  readonly postBytes?: number
  /** Servers that cannot do it at all. */
  readonly notBy?: readonly string[]
  readonly connections: number
  readonly rate: Rate
}

/** How much a server gets done; more is better. */
export type Rate =
  | { readonly kind: 'requests' }
  /** Of the requests per second that the application itself allows. */
  | { readonly kind: 'share'; readonly limit: number }
  /** MiB per second of the answers' bodies. */
  | { readonly kind: 'download' }
  /** MiB per second of the requests' bodies, each of so many MiB. */
  | { readonly kind: 'upload'; readonly mebibytes: number }

export const mebibyte: number = 2 ** 20

/** Undefined: requests are GET. */
export function bodyBytesOf({ rate, postBytes }: Pick<Case, 'rate' | 'postBytes'>): number | undefined {
  return rate.kind === 'upload' ? rate.mebibytes * mebibyte : postBytes
}
