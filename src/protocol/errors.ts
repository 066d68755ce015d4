// A peer or a script broke its protocol. Caught by the layer that owns the conversation, never shown as it is.

export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  readonly protocol: string
  constructor(protocol: string, message: string) {
    super(message)
    this.protocol = protocol
  }
}
