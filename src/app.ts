// `postern/app`: a handler under any gateway. Nothing but what finds out how it was started is loaded at first.

export { serve } from './app/serve.ts'
export { listener } from './app/handler.ts'
export { contextOf } from './app/context.ts'
export type { AppContext, GatewayKind } from './app/context.ts'
export type {
  EmittingServer,
  FetchFunction,
  FetchObject,
  FrameworkListener,
  Handler,
  ListenerObject,
  NodeListener,
  RoutingObject,
} from './app/handler.ts'
export type { AuthorizerContext, FilterContext, PartHandlers } from './executors/function-parts.ts'
export type { Served, ServeOptions } from './app/serve-options.ts'
export type { ByteString } from './bytes/byte-string.ts'
