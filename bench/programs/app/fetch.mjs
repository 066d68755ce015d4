import { serve } from 'postern/app'
await serve(() => new Response('hello\n'))
