// Where in a stack of Node's the author of a script has to look.

import { dirname, join } from 'node:path'
import { byteStringOfText, textOf } from '../../bytes/byte-string.ts'
import { percentDecode } from '../../protocol/http/request-target.ts'
import { launchersFolder } from '../../transport/launcher-files.ts'

export interface StackPlace {
  readonly file: string
  readonly line: string
}

/** A file's place, at the end of a frame. `node:internal/…` is none. */
const place = /(?:[ (]|(file:\/\/))(\/[^\n():]+):(\d+)(?::\d+)?\)?$/

/**
 * The innermost frame that is neither in a package nor in Postern's own files: what was thrown there is mostly about what
 * they were given. Where all are, the innermost one. `frames`: the lines `    at …`.
 */
export function placeInStack(frames: string): StackPlace | undefined {
  const places = frames.split('\n').flatMap((frame) => {
    const [, scheme, path = '', line = ''] = place.exec(frame) ?? []
    if (path === '') return []
    return [{ file: scheme === undefined ? path : decoded(path), line }]
  })
  return places.find(({ file }) => !isOfPackage(file) && !isOurs(file)) ?? places[0]
}

function isOfPackage(file: string): boolean {
  return file.includes('/node_modules/')
}

/** In a clone, where no `node_modules` says it. What else lies there, such as examples, is somebody's script. */
function isOurs(file: string): boolean {
  const root = dirname(launchersFolder())
  return [join(root, 'dist/'), join(root, 'launchers/')].some((folder) => file.startsWith(folder))
}

/** A URL's path. */
function decoded(path: string): string {
  const bytes = percentDecode(byteStringOfText(path))
  return bytes === undefined ? path : textOf(bytes)
}
