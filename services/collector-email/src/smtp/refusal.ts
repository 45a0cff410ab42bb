import { isKenalError } from '@kenal/errors';
import type { Logger } from '@kenal/service-kit';

/** An answer of the SMTP server that is no 2xx. */
export class SmtpRefusal extends Error {
  override readonly name = 'SmtpRefusal';
  /** 4xx: try again later; 5xx: never. */
  readonly responseCode: number;
  /** Of the catalogue, for the count of refusals. */
  readonly code: string;

  constructor(responseCode: number, code: string, message: string) {
    super(message);
    this.responseCode = responseCode;
    this.code = code;
  }
}

/** Whatever went wrong as an answer: what is not durable is asked for again. */
export function refusalOf(error: unknown, logger: Logger): SmtpRefusal {
  if (error instanceof SmtpRefusal) return error;
  if (isKenalError(error)) {
    const again = error.retryable;
    return new SmtpRefusal(again ? 451 : 554, error.code, error.message);
  }
  logger.error({ err: error }, 'a mail could not be taken');
  return new SmtpRefusal(451, 'internal', 'an unexpected fault; try again later');
}
