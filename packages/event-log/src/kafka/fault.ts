import { isKenalError, KenalError } from '@kenal/errors';

/** What kafkajs throws, as an error of the catalogue. */
export function toLogFault(error: unknown): KenalError {
  if (isKenalError(error)) return error;
  const type = typeOf(error);
  if (type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE')
    return new KenalError('event_too_large', 'the broker takes no record batch of this size', { cause: error });
  return new KenalError('log_unavailable', error instanceof Error ? error.message : String(error), { cause: error });
}

/** Name that the protocol gives to the error, e.g. `UNKNOWN_TOPIC_OR_PARTITION`; '' where there is none. */
export function typeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { type, cause } = error as { type?: unknown; cause?: unknown };
  return typeof type === 'string' ? type : typeOf(cause);
}

/** The result of `work`, or `log_unavailable` after `ms`. */
export async function within<T>(ms: number, reason: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new KenalError('log_unavailable', reason)), Math.max(ms, 0));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
