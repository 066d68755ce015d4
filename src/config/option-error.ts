// An option that cannot be, apart from what is wrong with it: the command line has other names for options.

export class OptionError extends TypeError {
  /** Its name, and what of it: `['env', 'PATH']`, `['allowPeers', '0']`. */
  readonly path: readonly string[]
  readonly why: string

  constructor(of: string, path: readonly string[], why: string) {
    super(`${of}${path.join('.')}: ${why}`)
    this.path = path
    this.why = why
  }
}
