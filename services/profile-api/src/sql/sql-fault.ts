import { isKenalError } from '@kenal/errors';
import type { Logger } from '@kenal/service-kit';
import { isSqlError } from '@kenal/warehouse';

/** Codes of ClickHouse's own catalogue that this endpoint gives by itself. */
export const CODES = {
  BAD_ARGUMENTS: 36,
  SYNTAX_ERROR: 62,
  UNKNOWN_FORMAT: 73,
  UNKNOWN_DATABASE: 81,
  TOO_MANY_SIMULTANEOUS_QUERIES: 202,
  QUERY_IS_TOO_LARGE: 307,
  ACCESS_DENIED: 497,
  AUTHENTICATION_FAILED: 516,
  UNKNOWN_EXCEPTION: 1002,
} as const;
export type CodeName = keyof typeof CODES;

/** A fault as ClickHouse's HTTP interface tells it: a number, and `DB::Exception` text. */
export class SqlFault extends Error {
  readonly code: number;

  constructor(code: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'SqlFault';
    this.code = code;
  }

  static of(name: CodeName, message: string): SqlFault {
    return new SqlFault(CODES[name], `${message}. (${name})`);
  }

  /** Not allowed here. @param what the statement does, e.g. `the table system.query_log is not for readers` */
  static refused(what: string): SqlFault {
    return SqlFault.of('ACCESS_DENIED', `Not allowed here: ${what}`);
  }

  /** The body of the answer, e.g. `Code: 62. DB::Exception: Syntax error: … (SYNTAX_ERROR)` */
  get body(): string {
    return `Code: ${this.code}. DB::Exception: ${this.message}\n`;
  }
}

/**
 * Read what the warehouse threw. Samples of its text:
 * `Query failed: Code: 62. DB::Exception: Syntax error: failed at position 1 … (SYNTAX_ERROR)`,
 * `Code: 115. DB::Exception: Code: 115. DB::Exception: Unknown setting 'a'. (UNKNOWN_SETTING) (version 26.7.2.1). (UNKNOWN_SETTING)`.
 * @returns null where it is none of the engine's
 */
export function engineFault(error: unknown): SqlFault | null {
  if (error instanceof SqlFault) return error;
  if (!isSqlError(error)) return null;
  const marker = 'DB::Exception: ';
  const at = error.exception.indexOf(marker);
  const message = at < 0 ? error.exception : error.exception.slice(at + marker.length);
  if (WITHOUT_TIME.some((form) => form.test(message))) return SqlFault.of('BAD_ARGUMENTS', WITH_TIME);
  const mart = WITHOUT_DAY.exec(message)?.[1];
  if (mart !== undefined)
    return SqlFault.of('BAD_ARGUMENTS', `${mart} takes a day: SELECT * FROM ${mart}(as_of = '2026-03-31')`);
  return new SqlFault(error.clickhouseCode || CODES.UNKNOWN_EXCEPTION, message.trim(), error);
}

/** The view with a time, asked without one or with what is none: the engine would show nothing but the text of the view. */
const WITHOUT_TIME = [
  /FROM (?:kenal\.)?identity_partition\b.*\(EMPTY_LIST_OF_COLUMNS_QUERIED\)/s,
  /FROM kenal\.identity_log AS log WHERE log\.changed_at <= parseDateTime64BestEffort.*\(CANNOT_PARSE_DATETIME\)/s,
];
const WITH_TIME = "identity_partition takes a time: SELECT * FROM identity_partition(at = '2026-03-01 12:00:00')";

/** A mart as of a day, asked without one. */
const WITHOUT_DAY = /FROM (?:kenal\.)?(\w+_as_of)\b.*\(EMPTY_LIST_OF_COLUMNS_QUERIED\)/s;

/** What to tell of whatever was thrown; what nobody expected goes into the server's log. */
export function toSqlFault(logger: Logger, error: unknown): SqlFault {
  const fault = engineFault(error);
  if (fault !== null) return fault;
  if (isKenalError(error)) {
    const name = error.code === 'overloaded' ? 'TOO_MANY_SIMULTANEOUS_QUERIES' : 'UNKNOWN_EXCEPTION';
    return new SqlFault(CODES[name], `${error.message}. (${name})`, error);
  }
  logger.error({ err: error }, 'a statement of a reader failed unexpectedly');
  return SqlFault.of('UNKNOWN_EXCEPTION', 'An unexpected fault, kept in the server log');
}

/** The HTTP status that an error has by itself, e.g. 503 where the warehouse is away. */
export function httpStatusOf(error: unknown): number | undefined {
  return isKenalError(error) && error.code !== 'sql_failed' ? error.status : undefined;
}

const BAD_REQUEST = new Set([6, 25, 26, 27, 36, 38, 41, 53, 62, 72, 117, 167, 168, 307, 427, 456, 457]);
const NOT_FOUND = new Set([46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 139, 336]);

/** The HTTP status that ClickHouse gives an error code. */
export function statusOf(code: number): number {
  if (code === CODES.AUTHENTICATION_FAILED || code === 194) return 401;
  if (code === 192 || code === 193 || code === CODES.ACCESS_DENIED) return 403;
  if (BAD_REQUEST.has(code)) return 400;
  if (NOT_FOUND.has(code)) return 404;
  if (code === 159) return 408;
  if (code === 439) return 503;
  return 500;
}
