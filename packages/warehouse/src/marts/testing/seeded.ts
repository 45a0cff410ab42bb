import { interactionRow } from '../../test-support.ts';

/** A whole number from 0 to n − 1. */
export type Below = (n: number) => number;

export function createBelow(seed: number): Below {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * n);
  };
}

/** Money as whole cents, so that the oracles add exactly. */
export type Cents = number;

export const decimal = (cents: Cents): string =>
  `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;

const berlin = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin' });
/** `2024-05-01`, in Berlin. */
export const dayOf = (ms: number): string => berlin.format(ms);

/** 2024-01-01T00:00:00Z */
export const BEGIN = 1_704_067_200_000;
export const SECOND = 1_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

export interface Told {
  readonly id: string;
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly ms: number;
  /** '' where it names nobody. */
  readonly owner: string;
  readonly name: string;
  /** More columns of kenal.interaction_rows. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly properties?: object;
}

/** A row of kenal.interaction_rows; its profile is `p-` and the owner. */
export function toldRow({ id, source, ms, owner, name, fields = {}, properties = {} }: Told): object {
  const whose = { owner, profile_id: owner === '' ? '' : `p-${owner}`, ver: 1 };
  const times = { occurred_at: ms * 1_000, client_at: ms * 1_000, received_at: ms * 1_000 };
  return interactionRow(id, { source, name, ...whose, ...times, properties: JSON.stringify(properties), ...fields });
}
