// A visitor of an application: requests relative to where it is mounted, cookies kept, redirects not followed.

export interface Visitor {
  /** `http://127.0.0.1:PORT/app`, without a slash at its end. */
  readonly base: string
  /** The path of that: the application's SCRIPT_NAME. */
  readonly mount: string
  /** A path below the application, or a whole URL. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>
  readonly json: (path: string, init?: RequestInit) => Promise<Readonly<Record<string, unknown>>>
  /** An absolute path that a page has named. */
  readonly follow: (target: string, init?: RequestInit) => Promise<Response>
  readonly cookie: (name: string) => string | undefined
}

const longestMs = 60_000

export function visitor(base: string): Visitor {
  const cookies = new Map<string, string>()
  const follow = async (target: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const signal = init.signal ?? AbortSignal.timeout(longestMs)
    const answer = await fetch(new URL(target, base), { redirect: 'manual', ...init, headers, signal })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
      if (/;\s*max-age=0\b/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  const ask = (path: string, init?: RequestInit): Promise<Response> => follow(`${base}${path}`, init)
  return {
    base,
    mount: new URL(base).pathname.replace(/\/$/, ''),
    ask,
    follow,
    async json(path, init) {
      const answer = await ask(path, init)
      const text = await answer.text()
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status}: ${text.slice(0, 2000)}`)
      const value: unknown = JSON.parse(text)
      if (typeof value !== 'object' || value === null) throw new Error(`${path}: ${text}`)
      return { ...value }
    },
    cookie: (name) => cookies.get(name),
  }
}
