// Where an upstream listens: `unix:/run/php.sock`, `127.0.0.1:9000`, `[::1]:9000`, `app:9000`.

export type UpstreamAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }

/** Throws TypeError for what is no address, with the forms that there are. */
export function parseUpstreamAddress(text: string): UpstreamAddress {
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length)
    if (path === '' || path.includes('\0')) throw badAddress(text)
    return { kind: 'unix', path }
  }
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(text)
  const [, v6, host, port] = match ?? []
  const name = v6 ?? host
  if (name === undefined || port === undefined || Number(port) < 1 || Number(port) > 65535) throw badAddress(text)
  return { kind: 'tcp', host: name, port: Number(port) }
}

export function showUpstreamAddress(address: UpstreamAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`
}

function badAddress(text: string): TypeError {
  return new TypeError(
    `an upstream's address is unix:/path/to.sock, 127.0.0.1:9000 or [::1]:9000, not ${JSON.stringify(text)}`,
  )
}
