// File names as bytes: how a byte string is handed to the file system, so that names that are not UTF-8 work.

import { bytesOf, isAscii, type ByteString } from '../bytes/byte-string.ts'

export function fileSystemPath(path: ByteString): string | Buffer {
  return isAscii(path) ? path : bytesOf(path)
}

/** Security: CVE-2026-22860: `/srv/www-secret` is not inside `/srv/www`. */
export function isInside(path: ByteString, folder: ByteString): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}

export function baseName(path: ByteString): ByteString {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function folderName(path: ByteString): ByteString {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')))
}
