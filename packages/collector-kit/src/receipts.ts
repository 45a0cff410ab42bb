import { type Clock, MICROS_PER_SECOND, type Micros, type ReceiptCount } from '@kenal/contracts';

const MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;
// After this a count is final: its producer's retries are long over, or the process is in trouble that shows elsewhere
const KEPT_MINUTES = 30;

/** Consecutive receipts of the copies that one call brought. */
export interface ReceiptBlock {
  readonly first: number;
  readonly count: number;
  readonly workspace: string;
  readonly source: string;
  readonly receivedAt: Micros;
}

/** Gives out the receipts of one collector instance and keeps the books on them. */
export interface Receipts {
  /** Unique for each start of a collector. */
  readonly collector: string;
  take(workspace: string, source: string, count: number, receivedAt: Micros): ReceiptBlock;
  /** Every record of the block is durable. */
  acknowledge(block: ReceiptBlock): void;
  /** Counts that changed since the last call; each goes to topic receipts. */
  drain(): ReceiptCount[];
  /** Counts that could not be appended come back, to be drained again. */
  restore(counts: readonly ReceiptCount[]): void;
}

interface Count {
  readonly workspace: string;
  readonly source: string;
  readonly minute: Micros;
  received: number;
  dirty: boolean;
}

/**
 * Copies are counted when they are durable, not when they come in: after a kill −9 the last count is then never
 * higher than what the log holds, so it raises no false alarm (a copy in between was never acknowledged to anybody).
 * `acknowledged` is the highest number up to which *all* are durable: what is missing below it is lost.
 * @param collector e.g. `randomUUID()`
 */
export function createReceipts(collector: string, clock: Clock): Receipts {
  const counts = new Map<string, Count>();
  const ahead = new Map<number, number>(); // durable blocks above a gap: first → count
  let next = 1;
  let acknowledged = 0;

  function countOf(block: ReceiptBlock): Count {
    const minute = block.receivedAt - (block.receivedAt % MICROS_PER_MINUTE);
    const key = `${minute}/${block.workspace}/${block.source}`;
    let count = counts.get(key);
    if (count === undefined) {
      count = { workspace: block.workspace, source: block.source, minute, received: 0, dirty: true };
      counts.set(key, count);
    }
    return count;
  }

  return {
    collector,
    take(workspace, source, count, receivedAt) {
      const first = next;
      next += count;
      return { first, count, workspace, source, receivedAt };
    },
    acknowledge(block) {
      const count = countOf(block);
      count.received += block.count;
      count.dirty = true;
      ahead.set(block.first, block.count);
      for (let run = ahead.get(acknowledged + 1); run !== undefined; run = ahead.get(acknowledged + 1)) {
        ahead.delete(acknowledged + 1);
        acknowledged += run;
      }
    },
    drain() {
      const now = clock();
      const out: ReceiptCount[] = [];
      for (const [key, count] of counts) {
        if (count.dirty) {
          const { workspace, source, minute, received } = count;
          out.push({ collector, workspace, source, minute, received, acknowledged, countedAt: now });
          count.dirty = false;
        } else if (count.minute < now - KEPT_MINUTES * MICROS_PER_MINUTE) counts.delete(key);
      }
      return out;
    },
    restore(failed) {
      for (const { workspace, source, minute } of failed) {
        const count = counts.get(`${minute}/${workspace}/${source}`);
        if (count !== undefined) count.dirty = true;
      }
    },
  };
}
