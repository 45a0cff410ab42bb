import { quote, quoteName } from '../param-text.ts';
import type { Settings } from '../warehouse.ts';
import { BINARY_FORMAT, type InsertTarget } from './insert-statement.ts';
import type { Native, NativeSession } from './native.ts';
import { createHeadCutter, isStreamable } from './streamed.ts';

/** One statement for the engine. */
export interface NativeRequest {
  readonly sql: string;
  /** Output format where the statement names none. */
  readonly format: string;
  readonly settings: Settings;
  /** Values of placeholders, escaped as `param_x` of the HTTP interface is. */
  readonly params: Readonly<Record<string, string>>;
  /** Database of names without one; default `kenal`. */
  readonly database?: string;
  /** Rows for a plain insert; `sql` is then not looked at. */
  readonly insert?: { readonly target: InsertTarget; readonly rows: Uint8Array };
}

export interface NativeAnswer {
  readonly bytes: Uint8Array;
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly rowsWritten: number;
  readonly elapsedSeconds: number;
}

/** Takes the next bytes of an answer, which are then the taker's, and the number of its rows in them. */
export type TakeBytes = (bytes: Uint8Array, rows: number) => void;

const DRAIN = 'SELECT 1 FORMAT Null';
const MOST_DRAINS = 8;
/** A setting of text that does nothing here (nothing is cached) and that `system.processes` shows of each statement. */
export const NAME_SETTING = 'query_cache_tag';
// A statement that may change the session itself: harmless over HTTP, where a session ends with the request.
const CHANGES_SESSION = /\b(SET|USE)\b/i;

/**
 * A native session that leaves nothing of one query to the next.
 *
 * chDB 3.4.0 puts what a query wrote before it failed before the *next* answer of that session, so after every failure
 * throw-away queries drain it before anybody else is let in. Settings and parameters are set on the session, so each
 * request states all of them and what the last one added is taken back. One request at a time: the pool sees to it.
 */
export class GuardedSession {
  readonly #native: Native;
  readonly #fixed: string;
  readonly #name: string;
  #session: NativeSession;
  #applied = new Map<string, string>();
  #params = new Set<string>();
  #database = '';

  /**
   * @param fixed statement that every native session starts with, e.g. `SET readonly = 2`
   * @param name tells its statements from those of other sessions, see Killer
   */
  constructor(native: Native, fixed: string, name = '') {
    this.#native = native;
    this.#fixed = fixed;
    this.#name = name;
    this.#session = this.#open();
  }

  get name(): string {
    return this.#name;
  }

  /** @param take gets the bytes as they come, where the answer can be cut; the answer itself then has none */
  async run(request: NativeRequest, take?: TakeBytes): Promise<NativeAnswer> {
    await this.#prepare(request);
    try {
      return take && isStreamable(request) ? await this.#stream(request, take) : await this.#execute(request);
    } catch (error) {
      await this.#drain();
      throw error;
    } finally {
      if (request.insert === undefined && CHANGES_SESSION.test(request.sql)) this.#reopen();
    }
  }

  close(): void {
    this.#session.close();
  }

  async #execute({ sql, format, insert }: NativeRequest): Promise<NativeAnswer> {
    if (insert === undefined) {
      const result = await this.#session.queryAsync(sql, { format });
      const { rowsRead, bytesRead, elapsed } = result;
      return { bytes: result.bytes(), rowsRead, bytesRead, rowsWritten: 0, elapsedSeconds: elapsed };
    }
    const { table, columns, format: rowFormat } = insert.target;
    if (rowFormat === BINARY_FORMAT) throw new Error('binary rows go by a file, see spooledPool');
    const done = await this.#session.insert({
      table,
      values: insert.rows,
      format: rowFormat,
      ...(columns ? { columns } : {}),
    });
    return {
      bytes: new Uint8Array(0),
      rowsRead: 0,
      bytesRead: 0,
      rowsWritten: done.rowsWritten,
      elapsedSeconds: done.elapsed,
    };
  }

  async #stream(request: NativeRequest, take: TakeBytes): Promise<NativeAnswer> {
    const begun = performance.now();
    const cut = createHeadCutter(request);
    let [rowsRead, bytesRead] = [0, 0];
    for await (const piece of this.#session.queryStream(request.sql, { format: request.format })) {
      const bytes = cut(piece.raw());
      rowsRead += piece.numRows;
      bytesRead += bytes.length;
      if (bytes.length > 0) take(bytes, piece.numRows);
    }
    const elapsedSeconds = (performance.now() - begun) / 1_000;
    return { bytes: new Uint8Array(0), rowsRead, bytesRead, rowsWritten: 0, elapsedSeconds };
  }

  /** Bring the session's settings and parameters to exactly those of the request, by the differences. */
  async #prepare({ settings, params, database = 'kenal' }: NativeRequest): Promise<void> {
    if (database !== this.#database) {
      await this.#session.queryAsync(`USE ${quoteName(database)}`, { format: 'Null' });
      this.#database = database;
    }
    const changes: string[] = [];
    const wanted = new Map<string, string>();
    for (const [name, value] of Object.entries(settings)) {
      assertName(name);
      wanted.set(name, typeof value === 'number' ? String(value) : quote(String(value)));
    }
    for (const name of this.#applied.keys()) if (!wanted.has(name)) changes.push(`${name} = DEFAULT`);
    for (const [name, literal] of wanted) if (this.#applied.get(name) !== literal) changes.push(`${name} = ${literal}`);
    for (const name of this.#params) if (!(name in params)) changes.push(`param_${name} = ''`);
    for (const [name, value] of Object.entries(params)) {
      assertName(name);
      changes.push(`param_${name} = ${quote(value)}`);
      this.#params.add(name);
    }
    if (changes.length === 0) return;
    try {
      await this.#session.queryAsync(`SET ${changes.join(', ')}`, { format: 'Null' });
      this.#applied = wanted;
    } catch (error) {
      this.#reopen(); // a part of it may have been applied
      throw error;
    }
  }

  async #drain(): Promise<void> {
    for (let i = 0; i < MOST_DRAINS; i++) {
      const left = await this.#session.queryAsync(DRAIN, { format: 'Null' }).catch(() => null);
      if (left?.bytes().length === 0) return;
    }
    this.#reopen();
  }

  #open(): NativeSession {
    const session = this.#native.open();
    this.#applied = new Map();
    this.#params = new Set();
    this.#database = '';
    if (this.#name) session.query(`SET ${NAME_SETTING} = ${quote(this.#name)}`);
    if (this.#fixed) session.query(this.#fixed);
    return session;
  }

  #reopen(): void {
    this.#session.close();
    this.#session = this.#open();
  }
}

function assertName(name: string): void {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new Error(`not a name of a setting or parameter: ${JSON.stringify(name)}`);
}
