import { CATALOGUE, type ErrorCode } from './catalogue.ts';

/** What is known about one case beside its code. */
export interface KenalErrorOptions {
  /** JSON path or option name at fault, e.g. `$.batch[3].timestamp`. */
  readonly path?: string;
  readonly cause?: unknown;
}

/** An expected fault: it has a code of the catalogue, says whether a retry can help, and names what was wrong. */
export class KenalError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly status: number;
  readonly path: string | undefined;
  /** What was wrong in this case, without the catalogue's sentence; '' where nothing more is known. */
  readonly detail: string;

  /** @param detail what was wrong in this case and what to do, appended to the catalogue's sentence */
  constructor(code: ErrorCode, detail?: string, options: KenalErrorOptions = {}) {
    const entry = CATALOGUE[code];
    super(detail ? `${entry.message}: ${detail}` : entry.message, { cause: options.cause });
    this.name = 'KenalError';
    this.code = code;
    this.retryable = entry.retryable;
    this.status = entry.status;
    this.path = options.path;
    this.detail = detail ?? '';
  }
}

/** Narrow a caught value to an expected fault, optionally of one code. */
export function isKenalError(error: unknown, code?: ErrorCode): error is KenalError {
  return error instanceof KenalError && (code === undefined || error.code === code);
}
