// Streaming: nothing is held back, nothing runs ahead, and a client that leaves ends the iteration.

import type { Cases } from '../case.ts'
import { readsFirstPart } from './stories.ts'

const section = 'PEP 3333 Buffering and Streaming'
const megabyte = 1024 * 1024

export const streams: Cases = {
  'streams/generator': {
    title: `${section}: a chunk has gone to the client before the next one is asked for`,
    story: readsFirstPart,
    expected: { first: 'came before the second was made', body: 'first second' },
  },
  'streams/with-length': {
    title: `${section}: a chunk is not held back where Content-Length says that more will come`,
    story: readsFirstPart,
    expected: { first: 'came before the second was made', body: 'first second' },
  },
  'streams/empty-between': {
    title: `${section}: an empty chunk does not hold back the one before it`,
    story: readsFirstPart,
    expected: { first: 'came before the second was made', body: 'first second' },
  },
  'streams/endless': {
    title:
      'Postern: an application does not run ahead of a client that does not read; one that leaves ends it, with close()',
    story: async ({ target, connect, ask, notes }) => {
      const made = async (): Promise<number> => Number((await ask({ target: '/streams/made' })).get('body'))
      let last = -1
      let now = 0
      {
        using connection = await connect()
        connection.send(`GET ${target} HTTP/1.1\r\nHost: a.example\r\n\r\n`)
        await connection.until((text) => text !== '')
        connection.pause()
        // It stands still once every buffer is full.
        for (let look = 0; look < 20 && now !== last; look++) {
          await new Promise((resolve) => setTimeout(resolve, 400))
          last = now
          now = await made()
        }
      }
      return {
        ahead: now < 64 * megabyte ? 'by less than 64 MiB' : 'by more than 64 MiB',
        notes: await notes('closed'),
      }
    },
    expected: { ahead: 'by less than 64 MiB', notes: 'closed' },
  },
}
