// FastCGI's parts beside a responder's, as `serve` has them: what `authorize` and `filter` answer.

import { playPart, type PartHandlers } from '../executors/function-parts.ts'
import type { Call, Callee, HandlerAnswer } from './call.ts'
import type { AppContext } from './context.ts'
import { answerBy } from './fetch-callee.ts'

export class PartCallee implements Callee {
  readonly #handlers: PartHandlers<AppContext>

  constructor(handlers: PartHandlers<AppContext>) {
    this.#handlers = handlers
  }

  /** Rejects where there is no handler for the part, so that nobody passes. */
  async answer(call: Call): Promise<HandlerAnswer> {
    const played = playPart(call.part, notHere, this.#handlers)
    return answerBy(call, {
      answer: (request) => played.call(request, call.context),
      say: (response) => played.say(response),
      leave: () => played.leave(),
    })
  }
}

function notHere(): never {
  throw new TypeError('a responder is somebody else’s')
}
