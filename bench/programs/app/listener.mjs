import { listener, serve } from 'postern/app'
await serve(listener((_request, response) => response.end('hello\n')))
