import { isKenalError, KenalError } from '@kenal/errors';

/** Wrap a vendor's failure as `unavailable` (retryable); expected faults and bugs of the caller (TypeError) pass unchanged. */
export function unavailable(cause: unknown): Error {
  if (isKenalError(cause) || cause instanceof TypeError) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new KenalError('unavailable', `job queue: ${detail}`, { cause });
}
