// The one place that says how a test asks for warm programs.

export type Warmth = 'off' | 'on'

/** Options of `cgi()` and `folder()`. */
export function warmth(_mode: Warmth): object {
  // For the time being there is nothing warm, and cold is compared with cold. Then this is `{ warm: mode }`.
  return {}
}
