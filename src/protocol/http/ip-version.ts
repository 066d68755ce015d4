// Whether a text is an IP address. As `isIP` of node:net says it, whose first look at what is no IPv4 address takes 15 ms:
// a CGI program of ours would pay that for each request.

const byte = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]\\d|\\d)'
const ipv4 = new RegExp(`^${byte}(?:\\.${byte}){3}$`)

/** 0: it is none. An IPv6 address stands without brackets, and may have a zone. */
export function ipVersion(text: string): 0 | 4 | 6 {
  if (ipv4.test(text)) return 4
  const address = /^([0-9A-Fa-f:.]+)(?:%[0-9A-Za-z\-.:]+)?$/.exec(text)?.[1]
  return address?.includes(':') === true && URL.canParse(`http://[${address}]/`) ? 6 : 0
}
