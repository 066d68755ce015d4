// Node tells nobody the descriptor of a socket, but has it.

/** Of a server or a socket of `node:net`; undefined where it is closed, or where this Node does not tell. */
export function descriptorOf(owner: object): number | undefined {
  const handle: unknown = '_handle' in owner ? owner._handle : undefined
  if (typeof handle !== 'object' || handle === null || !('fd' in handle)) return undefined
  return typeof handle.fd === 'number' && handle.fd >= 0 ? handle.fd : undefined
}
