/** Faults that this client finds by itself; all others are codes of Kenal's error catalogue. */
export const CLIENT_CODES = {
  /** Nobody answered, or not in time, however often it was tried. */
  unreachable: 'unreachable',
  /** More events wait than `maxQueueSize`: Kenal is away for long, or slower than the caller. */
  queueFull: 'queue_full',
  /** `close()` was called before. */
  closed: 'closed',
  /** An option or argument is wrong or missing. */
  badUsage: 'bad_usage',
} as const;

/** What Kenal refused, or why it could not be asked. */
export class KenalApiError extends Error {
  override readonly name = 'KenalApiError';
  /** Of the error catalogue (`not_found`, `unknown_key` …), or one of `CLIENT_CODES`. */
  readonly code: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;

  constructor(code: string, message: string, status = 0, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.status = status;
  }
}

/** An answer that is no success as an error: a problem document (RFC 9457), or whatever a proxy wrote. */
export async function errorOf(reply: Response): Promise<KenalApiError> {
  const text = await reply.text().catch(() => '');
  try {
    return problemError(JSON.parse(text) as Problem, reply.status);
  } catch {
    const said = text.trim().slice(0, 200) || `the server answered ${reply.status}`;
    return new KenalApiError(`http_${reply.status}`, said, reply.status);
  }
}

/** As far as errors look into it. */
export interface Problem {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly status?: unknown;
}

/** @throws TypeError where it is no problem document */
export function problemError({ code, message, ...problem }: Problem, status: number): KenalApiError {
  if (typeof code !== 'string' || typeof message !== 'string') throw new TypeError('no problem document');
  return new KenalApiError(code, message, typeof problem.status === 'number' ? problem.status : status);
}
