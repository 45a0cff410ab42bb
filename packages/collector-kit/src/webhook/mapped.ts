import { type Outcome, refused } from '../fault.ts';
import { textOf } from './read.ts';
import type { KenalEvent } from './vendor.ts';

/** What a part of a delivery becomes. */
export type Mapped = Outcome<readonly KenalEvent[]>;

/** Of what says nothing about a customer. */
export const NOTHING: Mapped = { ok: true, value: [] };

/** Text that nothing can be told without. @returns fault `event_missing_field` at its path */
export function required(payload: unknown, ...path: readonly string[]): Outcome<string> {
  const value = textOf(payload, ...path);
  return value === null ? refused('event_missing_field', `$.${path.join('.')}`) : { ok: true, value };
}
