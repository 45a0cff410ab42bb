import { type Outcome, refused, textOf } from '@kenal/collector-kit';

/** Text that nothing can be told without. @returns fault `event_missing_field` at its path */
export function required(payload: unknown, ...path: readonly string[]): Outcome<string> {
  const value = textOf(payload, ...path);
  return value === null ? refused('event_missing_field', `$.${path.join('.')}`) : { ok: true, value };
}
