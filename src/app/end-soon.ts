// The end of a process whose work is done. It ends of itself, but not where a pool of connections or a timer of the
// program keeps it: then after this time, for web servers start such programs by the hundred.

const lastWordsMs = 1000

export function endSoon(): void {
  setTimeout(() => process.exit(), lastWordsMs).unref()
}
