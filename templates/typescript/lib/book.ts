// The entries, in SQLite: by node:sqlite where this Node has it, else by a small Python program (sqlite.py).

import { spawn } from 'node:child_process'
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

// Outside the folder that is served: nobody can ask for the database.
const folder = fileURLToPath(new URL('../data', import.meta.url))
const shown = 50 // entries on the page
const lockSeconds = 10 // how long one writer waits for the others

export interface Entry {
  readonly id: number
  readonly name: string
  readonly message: string
  readonly owner: string
  readonly written: string
}

type Value = string | number
type Row = readonly Value[]

interface Database {
  /** A statement never contains what a visitor wrote: that is bound to its question marks. */
  ask(statement: string, ...values: Value[]): Row[] | Promise<Row[]>
  close(): void
}

export interface Book {
  newest(): Promise<Entry[]>
  add(name: string, message: string, owner: string): Promise<void>
  remove(id: number, owner: string): Promise<void>
  sign(purpose: string, visitor: string): string
  isSigned(purpose: string, visitor: string, token: string): boolean
  close(): void
}

export async function openBook(): Promise<Book> {
  process.umask(0o077) // the database, its journal and the folder are this user's alone
  mkdirSync(folder, { recursive: true })
  const database = await openDatabase(join(folder, 'guest-book.sqlite'))
  try {
    return bookIn(database, await prepare(database))
  } catch (error) {
    database.close()
    throw error
  }
}

export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}

/** Gives the key that signs. */
async function prepare(database: Database): Promise<string> {
  // The default journal, not WAL: each request opens and closes the file, and WAL fails on network disks.
  await database.ask(
    'CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, name TEXT NOT NULL, message TEXT NOT NULL, ' +
      "owner TEXT NOT NULL, written TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M', 'now')))",
  )
  await database.ask('CREATE TABLE IF NOT EXISTS secret (id INTEGER PRIMARY KEY, value TEXT NOT NULL)')
  const find = async (): Promise<Value | undefined> =>
    (await database.ask('SELECT value FROM secret WHERE id = 1'))[0]?.[0]
  const found = await find()
  if (found !== undefined) return String(found)
  // Of several first requests one wins, and all read what it wrote.
  await database.ask('INSERT OR IGNORE INTO secret VALUES (1, ?)', randomHex(32))
  return String(await find())
}

function bookIn(database: Database, secret: string): Book {
  const sign = (purpose: string, visitor: string): string =>
    createHmac('sha256', secret).update(`${purpose}:${visitor}`).digest('hex')
  return {
    sign,
    isSigned(purpose, visitor, token) {
      const right = Buffer.from(sign(purpose, visitor))
      const given = Buffer.from(token)
      return right.length === given.length && timingSafeEqual(right, given)
    },
    async newest() {
      const query = 'SELECT id, name, message, owner, written FROM entry ORDER BY id DESC LIMIT ?'
      const rows = await database.ask(query, shown)
      return rows.map(([id, name, message, owner, written]) => ({
        id: Number(id),
        name: String(name),
        message: String(message),
        owner: String(owner),
        written: String(written),
      }))
    },
    async add(name, message, owner) {
      await database.ask('INSERT INTO entry (name, message, owner) VALUES (?, ?, ?)', name, message, owner)
    },
    async remove(id, owner) {
      await database.ask('DELETE FROM entry WHERE id = ? AND owner = ?', id, owner)
    },
    close: () => database.close(),
  }
}

async function openDatabase(file: string): Promise<Database> {
  const sqlite = await importSqlite()
  if (sqlite === undefined) return startHelper(file)
  const database = new sqlite.DatabaseSync(file)
  database.exec(`PRAGMA busy_timeout = ${lockSeconds * 1000}`)
  return {
    ask: (statement, ...values) =>
      database
        .prepare(statement)
        .all(...values)
        .map((row) => Object.values(row)),
    close: () => database.close(),
  }
}

interface Sqlite {
  /** As much of node:sqlite as is used here. */
  readonly DatabaseSync: new (file: string) => {
    exec(statement: string): void
    prepare(statement: string): { all(...values: Value[]): Record<string, Value>[] }
    close(): void
  }
}

/** Undefined before Node 22.13. */
async function importSqlite(): Promise<Sqlite | undefined> {
  const module: string = 'node:sqlite'
  const listeners = process.listeners('warning')
  try {
    process.removeAllListeners('warning') // that it is new, once for each request
    const sqlite: Sqlite = await import(module)
    await new Promise(setImmediate)
    return sqlite
  } catch {
    return undefined
  } finally {
    for (const listener of listeners) process.on('warning', listener)
  }
}

/** One line of JSON for each statement, one for its rows. */
function startHelper(file: string): Database {
  const program = fileURLToPath(new URL('sqlite.py', import.meta.url))
  const helper = spawn('python3', [program, file], { stdio: ['pipe', 'pipe', 'inherit'] })
  const failed = new Promise<never>((_, reject) => {
    helper.once('error', () => reject(new Error('neither node:sqlite (Node 22.13 or newer) nor python3 is here')))
    helper.once('exit', () => reject(new Error('sqlite.py ended; the log has what it said')))
  })
  failed.catch(() => {}) // Whoever asks is told.
  helper.stdin.on('error', () => {}) // It has ended, likewise.
  const answers = createInterface({ input: helper.stdout })[Symbol.asyncIterator]()
  return {
    async ask(statement, ...values) {
      helper.stdin.write(`${JSON.stringify([statement, values])}\n`)
      const { value } = await Promise.race([answers.next(), failed])
      if (value === undefined) return failed
      const rows: Row[] = JSON.parse(value)
      return rows
    },
    close: () => void helper.stdin.end(),
  }
}
