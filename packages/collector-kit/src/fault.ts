import { CATALOGUE, type ErrorCode } from '@kenal/errors';

/** Why one event (or one body) was refused. */
export interface Fault {
  readonly code: ErrorCode;
  /** JSON path at fault inside what was refused, `$` for the whole: `$.context.traits` */
  readonly path: string;
  /** The catalogue's sentence and what was wrong here. */
  readonly reason: string;
}

/** A result or the reason why there is none. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** @param detail what was found and what is legal, appended to the catalogue's sentence */
export function faultOf(code: ErrorCode, path: string, detail?: string): Fault {
  const { message } = CATALOGUE[code];
  return { code, path, reason: detail === undefined ? message : `${message}: ${detail}` };
}

export function refused(code: ErrorCode, path: string, detail?: string): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: faultOf(code, path, detail) };
}
