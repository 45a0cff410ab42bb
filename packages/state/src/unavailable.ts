import { isKenalError, KenalError } from '@kenal/errors';

/** Wrap a vendor's failure as `unavailable` (retryable); expected faults and bugs of the caller (TypeError) pass unchanged. */
export function unavailable(cause: unknown): Error {
  if (isKenalError(cause) || cause instanceof TypeError) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new KenalError('unavailable', `identity state: ${detail}`, { cause });
}

/** Run a synchronous piece of work; what it throws is wrapped by {@link unavailable}. */
export function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unavailable(error);
  }
}
