// Output of a script that is read by the decoder itself, so that the rules are tried on the faults that it finds.

import { HeadError, ResponseHeadDecoder } from '../../../src/protocol/cgi/response-head.ts'
import { readNphHead, readResponseHead } from '../../../src/protocol/cgi/response-kind.ts'
import { diagnose } from '../../../src/gateway/diagnosis/diagnose.ts'
import { assertFinding, badHead, evidenceOf, factsOf, type Expected } from './support.ts'

/** Lets the decoder itself find the fault of an output, and the rules its cause. */
export function assertOutput(output: string, expected: Expected, more: { content?: string; name?: string } = {}): void {
  const { fault, line } = faultOf(output, more.name?.startsWith('nph-') ?? false)
  const script = `/srv/cgi-bin/${more.name ?? 'script'}`
  const found = diagnose(
    evidenceOf(badHead(fault, line), { script, outputStart: output.slice(0, 1024) }),
    factsOf(more.content ?? '#!/bin/sh\n'),
  )
  assertFinding(found, expected)
}

function faultOf(output: string, isNph: boolean): HeadError {
  const decoder = new ResponseHeadDecoder(4096)
  try {
    const raw = decoder.push(Buffer.from(output, 'latin1'))
    if (raw === undefined) return decoder.endFault()
    ;(isNph ? readNphHead : readResponseHead)(raw)
  } catch (error) {
    if (error instanceof HeadError) return error
    throw error
  }
  throw new Error('nothing is wrong with that output')
}
