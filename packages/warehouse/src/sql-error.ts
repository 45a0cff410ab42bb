import { ClickHouseError } from '@clickhouse/client';
import { isKenalError, KenalError } from '@kenal/errors';

/**
 * What a fault of the engine means for the caller:
 * `statement` it will most likely fail again, `content` a row of the insert is at fault, `busy` the same call may succeed later.
 */
export type FaultKind = 'statement' | 'content' | 'busy';

// Codes of src/Common/ErrorCodes.cpp of ClickHouse.
const CONTENT = new Set([
  6, 25, 26, 27, 33, 38, 41, 53, 69, 70, 72, 85, 117, 130, 131, 190, 321, 349, 376, 407, 467, 500, 675, 691,
]);
// Overload, network, disk, and a schema or rights that somebody must put right first.
const BUSY = new Set([
  16, 47, 60, 81, 107, 192, 193, 194, 195, 497, 516, 519, 3, 23, 74, 75, 76, 159, 160, 164, 201, 202, 209, 210, 225,
  236, 241, 242, 243, 252, 279, 285, 286, 290, 298, 319, 364, 394, 396, 425, 439, 473, 499, 574, 735, 999,
]);

// The columns of the rows are not those of the table: `Type of 'a' must be UInt8, not String: (while reading header)`
const WRONG_HEAD = /\(while reading header\)/;

/** The engine refused or failed a statement; carries ClickHouse's own code and text. */
export class SqlError extends KenalError {
  /** Code of ClickHouse, e.g. 62 for a syntax error; 0 where it gave none. */
  readonly clickhouseCode: number;
  /** As ClickHouse writes it: `Code: 62. DB::Exception: … (SYNTAX_ERROR)`. */
  readonly exception: string;
  readonly kind: FaultKind;

  constructor(clickhouseCode: number, exception: string, cause?: unknown) {
    super('sql_failed', exception, { cause });
    this.name = 'SqlError';
    this.clickhouseCode = clickhouseCode;
    this.exception = exception;
    this.kind = kindOf(clickhouseCode, exception);
  }
}

function kindOf(code: number, exception: string): FaultKind {
  if (BUSY.has(code) || WRONG_HEAD.test(exception)) return 'busy';
  return CONTENT.has(code) ? 'content' : 'statement';
}

export function isSqlError(error: unknown): error is SqlError {
  return error instanceof SqlError;
}

/** Turn whatever the client threw into a fault of the catalogue: {@link SqlError}, `unavailable`, or the abort itself. */
export function mapFault(error: unknown, signal?: AbortSignal): Error {
  if (signal?.aborted) return signal.reason instanceof Error ? signal.reason : new Error('the query was aborted');
  if (isKenalError(error)) return error;
  if (error instanceof ClickHouseError) {
    const code = Number(error.code);
    const type = error.type ? ` (${error.type})` : '';
    return new SqlError(code, `Code: ${code}. DB::Exception: ${error.message}${type}`, error);
  }
  // The client takes the body of an answer for its message, and drops the status: some have none, e.g. 431 of a proxy.
  const detail = (error instanceof Error ? error.message : String(error)) || 'refused a request without a word';
  const match = /Code: (\d+)\. DB::Exception/.exec(detail);
  if (match) return new SqlError(Number(match[1]), detail, error);
  return new KenalError('unavailable', `the warehouse: ${detail}`, { cause: error });
}
