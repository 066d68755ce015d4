// Postern as a library.

export { createGateway, serve } from './config/create-gateway.ts'
export type {
  ListenOptions,
  PosternGateway,
  PosternListener,
  PosternServer,
  RouteOptions,
  ServeOptions,
} from './config/create-gateway.ts'
export { ListenError } from './config/listen-error.ts'
export type { SocketOptions } from './config/listen-options.ts'
export { app, type AppOptions } from './config/app.ts'
export { authorizer, type AuthorizerMaker, type FastCgiAuthorizerOptions } from './config/authorizers.ts'
export { cgi, fastcgiProgram, files, folder, type DestinationMaker } from './config/destinations.ts'
export type { UpstreamAddresses, UpstreamOptions } from './config/upstreams.ts'
export { fastcgi, type FastCgiOptions } from './config/upstreams/fastcgi.ts'
export { proxy, type ProxyOptions } from './config/upstreams/proxy.ts'
export { scgi } from './config/upstreams/scgi.ts'
export { uwsgi, type UwsgiOptions } from './config/upstreams/uwsgi.ts'
export { wsgi, type WsgiOptions } from './config/wsgi.ts'
export type { AuthorizerOptions, FolderOptions, GatewayOptions, ScriptOptions } from './config/options.ts'
export type {
  FunctionLimitOptions,
  GatewayLimitOptions,
  LimitOptions,
  ScriptLimitOptions,
  UpstreamLimitOptions,
  WorkerLimitOptions,
} from './config/limits.ts'
export type { Diagnosis, Ending, GatewayEvent, Observer, RequestLine } from './events/events.ts'
export type { GatewayFailure } from './events/failures.ts'
export type { AuthenticatedUser } from './gateway/request-facts.ts'
export type { FetchContext, FetchHandler } from './frontends/fetch.ts'
export type { NodeFrontendOptions, NodeHandler } from './frontends/node.ts'
export type { FunctionContext, FunctionHandler, FunctionParts } from './executors/function.ts'
export type { AuthorizerContext, FilterContext, PartHandlers, ResponderContext } from './executors/function-parts.ts'
