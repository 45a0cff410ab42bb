import type { KenalError } from '@kenal/errors';

/** An error as clients read it: problem details (RFC 9457) with `code` and `message`. */
export function problemOf(
  error: Pick<KenalError, 'code' | 'message' | 'path' | 'status'>,
  status = error.status,
): Readonly<Record<string, unknown>> {
  const message = error.code === 'internal' ? 'an unexpected fault, kept in the server log' : error.message;
  return {
    type: 'about:blank',
    title: message.split(':')[0],
    status,
    detail: message,
    code: error.code,
    message,
    ...(error.path === undefined ? {} : { path: error.path }),
  };
}
