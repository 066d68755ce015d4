// `postern/scgi`: the codec of SCGI (https://python.ca/scgi/protocol.txt), both directions, without I/O.

export { encodeScgiHead, ScgiHeadDecoder } from './protocol/scgi/request.ts'
export type { ScgiHead } from './protocol/scgi/request.ts'
export { ProtocolError } from './protocol/errors.ts'
