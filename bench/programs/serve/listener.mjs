import { listener, serve } from 'postern/app'
import { answer } from './node-listener.mjs'

await serve(listener(answer), { socketMode: '0666' })
