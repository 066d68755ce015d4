// The one place that says how a test asks for warm programs.

export type Warmth = 'off' | 'on'

/** Options of `cgi()` and `folder()`. */
export function warmth(mode: Warmth): { readonly warm: Warmth } {
  return { warm: mode }
}
