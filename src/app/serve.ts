// `serve`: one handler under every gateway. How the program was started decides what is loaded, so that a CGI program
// loads no server.

import { readSettings } from './application-options.ts'
import { detectStart, ofThisProcess } from './detect.ts'
import { readHandler, type Handler } from './handler.ts'
import { checkNames, type Served, type ServeOptions } from './serve-options.ts'

/**
 * Serves a handler as this process was started: as a CGI, FastCGI, SCGI or uwsgi program, or by HTTP. Resolves when it
 * listens, or as a CGI program when the answer is given. Rejects with TypeError for a handler or options that cannot be,
 * or with the reason why an address cannot be listened on.
 */
export async function serve(handler: Handler, options: ServeOptions = {}): Promise<Served> {
  const target = readHandler(handler)
  checkNames(options)
  // Before anything is awaited: the stack of what cannot be has the caller in it, also where nobody awaits this.
  const settings = readSettings(options)
  const start = detectStart(options.listen, ofThisProcess())
  if (start.kind === 'cgi') {
    const { serveCgi } = await import('./serve-cgi.ts')
    return serveCgi(target, options, settings)
  }
  const { serveSockets } = await import('./serve-sockets.ts')
  return serveSockets(target, start, options, settings)
}
