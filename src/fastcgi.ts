// `postern/fastcgi`: the codecs of FastCGI 1.0 (https://fastcgi-archives.github.io/FastCGI_Specification.html), both
// directions, without I/O.

export {
  encodeRecord,
  encodeStream,
  encodeStreamEnd,
  longestContent,
  managementId,
  RecordDecoder,
  recordTypes,
} from './protocol/fastcgi/record.ts'
export type { FastCgiRecord } from './protocol/fastcgi/record.ts'
export { encodeNameValues, NameValueDecoder } from './protocol/fastcgi/name-values.ts'
export type { NameValue } from './protocol/fastcgi/name-values.ts'
export {
  decodeBeginRequest,
  decodeEndRequest,
  decodeUnknownType,
  encodeAbortRequest,
  encodeBeginRequest,
  encodeEndRequest,
  encodeUnknownType,
  protocolStatuses,
  roles,
} from './protocol/fastcgi/messages.ts'
export type { BeginRequest, EndRequest, RoleName } from './protocol/fastcgi/messages.ts'
export { encodeGetValues, ServerSide, valueNames } from './protocol/fastcgi/server-side.ts'
export type { ServerSideEvent } from './protocol/fastcgi/server-side.ts'
export { ApplicationSide } from './protocol/fastcgi/application-side.ts'
export type { ApplicationLimits, ApplicationSideEvent } from './protocol/fastcgi/application-side.ts'
export { ProtocolError } from './protocol/errors.ts'
