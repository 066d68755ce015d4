// `postern/uwsgi`: the codec of the uwsgi protocol (https://uwsgi-docs.readthedocs.io/en/latest/Protocol.html), both
// directions, without I/O.

export { encodeUwsgiPacket, longestPacket, PacketTooLarge, UwsgiPacketDecoder } from './protocol/uwsgi/packet.ts'
export type { UwsgiHead, UwsgiModifiers } from './protocol/uwsgi/packet.ts'
export { ProtocolError } from './protocol/errors.ts'
