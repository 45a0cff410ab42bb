import type { InteractionType, JsonObject } from '@kenal/contracts';
import type { Catalogue, Product } from './catalogue.ts';
import type { Properties, ShopSource } from './event.ts';
import type { Device, Person } from './people.ts';
import type { Region } from './phones.ts';
import type { Random } from './random.ts';

/** What a customer has done so far, as far as it decides what comes next. */
export interface Shopper {
  readonly person: Person;
  registered: boolean;
  readonly signedIn: Set<Device>;
  /** Newest order that was not sent back yet. */
  lastOrder: Order | null;
  /** Was served so badly that they stay away for a time. */
  isAway: boolean;
}

export interface OrderLine {
  readonly product: Product;
  readonly quantity: number;
}

export interface Order {
  readonly id: string;
  readonly lines: readonly OrderLine[];
  readonly cents: number;
}

/** An event before it has an id: what a channel writes. */
export interface Draft {
  readonly source: ShopSource;
  /** Seconds since the visit began. */
  readonly after: number;
  readonly type: InteractionType;
  readonly name?: string;
  readonly userId?: string | null;
  readonly anonymousId?: string | null;
  readonly traits?: Properties;
  readonly properties?: Properties;
  readonly context?: Readonly<Record<string, JsonObject | string | readonly JsonObject[]>>;
  /** Normalised identifiers that this event carries, `type:value`: what the truth file says of it. */
  readonly carries: readonly string[];
}

/** One contact of one customer with the shop, as long as it lasts. */
export interface Visit {
  /** When it began, milliseconds since 1970. */
  readonly at: number;
  readonly random: Random;
  readonly shopper: Shopper;
  readonly catalogue: Catalogue;
  readonly currency: string;
  /** Default region of phone numbers in the shop's systems. */
  readonly home: Region;
  /** A number that nothing else in this run has. */
  serial(): number;
  emit(draft: Draft): void;
}

/** 1999 → 19.99 */
export function money(cents: number): number {
  return cents / 100;
}
