// What the applications of this folder answer, so that all give the same.

export const hello = 'hello from an application\n'

/** 251 is prime, so a piece that is lost or sent twice changes what follows it. */
export const piece = Uint8Array.from({ length: 64 * 1024 }, (_, at) => at % 251)
export const pieces = 256
