import type { Micros } from '@kenal/contracts';

/** What became of one call of a vendor. */
export interface DeliveryEntry {
  readonly at: Micros;
  readonly method: string;
  /** As they came; as announced where it was refused unread. */
  readonly bytes: number;
  /** `valid`, `none` where the vendor signs nothing and a key was asked for, `unknown` of what was refused unread, or the code of the fault. */
  readonly signature: string;
  /** HTTP status that it was answered. */
  readonly status: number;
  /**
   * accepted: its events are durable; handshake: it wanted an answer only; ignored: it says nothing of a customer;
   * repeat: taken before; refused: kept as failed events, or not let in (`code`).
   */
  readonly outcome: 'accepted' | 'handshake' | 'ignored' | 'repeat' | 'refused';
  readonly code: string | null;
  readonly events: number;
  readonly rejected: number;
  /** Of the first of its events; without the address at its end, where one had. */
  readonly messageIds: readonly string[];
  readonly milliseconds: number;
}

/** The last calls of every source of this process, newest first, for who asks why nothing arrives. */
export interface Deliveries {
  note(source: object, entry: DeliveryEntry): void;
  of(source: object): readonly DeliveryEntry[];
}

const KEPT = 100;

/** In memory: after a start it is empty. What was accepted or refused is in the log whatever this says. */
export function createDeliveries(): Deliveries {
  const bySource = new WeakMap<object, DeliveryEntry[]>();
  return {
    note(source, entry) {
      const list = bySource.get(source) ?? [];
      bySource.set(source, list);
      if (list.unshift(entry) > KEPT) list.pop();
    },
    of: (source) => bySource.get(source) ?? [],
  };
}
