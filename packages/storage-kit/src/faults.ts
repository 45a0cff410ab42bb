import { isKenalError, KenalError } from '@kenal/errors';

/** Turns what a store throws into what callers know. */
export interface Faults {
  /** The store as people know it. */
  readonly what: string;
  /** A vendor's failure as `unavailable` (retryable); expected faults and bugs of the caller (TypeError) pass unchanged. */
  unavailable(cause: unknown): Error;
  /** Run a synchronous piece of work. @throws KenalError `unavailable` for a vendor's failure */
  attempt<T>(work: () => T): T;
  /** @throws KenalError `unavailable` for a vendor's failure, and for silence past the deadline */
  within<T>(work: Promise<T>, deadlineMs: number): Promise<T>;
}

/** @param what the store as people know it, e.g. `identity state` */
export function faultsOf(what: string): Faults {
  function unavailable(cause: unknown): Error {
    if (isKenalError(cause) || cause instanceof TypeError) return cause;
    const detail = cause instanceof Error ? cause.message : String(cause);
    return new KenalError('unavailable', `${what}: ${detail}`, { cause });
  }
  return {
    what,
    unavailable,
    attempt(work) {
      try {
        return work();
      } catch (error) {
        throw unavailable(error);
      }
    },
    async within(work, deadlineMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer in ${deadlineMs} ms`)), deadlineMs);
      });
      try {
        return await Promise.race([work, late]);
      } catch (error) {
        throw unavailable(error);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
