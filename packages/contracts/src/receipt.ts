import { z } from 'zod';

/**
 * Given once to each copy that a collector received: a producer's retry repeats it, a client's retry does not.
 * The balance sheet (architecture.md, promise 6) counts receipts, never deliveries.
 */
export const receiptSchema = z.object({
  /** Collector instance: unique for each start of a collector process. */
  collector: z.string().min(1),
  /** 1, 2, 3 … without a gap within one collector instance. */
  sequence: z.number().int().positive(),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** What a collector instance says of itself every second, so that a lost receipt shows. */
export interface ReceiptCount {
  readonly collector: string;
  readonly workspace: string;
  readonly source: string;
  /** Start of the minute of `receivedAt`, microseconds. */
  readonly minute: number;
  /** Copies received in that minute so far by this instance for this source. */
  readonly received: number;
  /** Highest sequence number that this instance has had acknowledged by the log, over all sources. */
  readonly acknowledged: number;
  readonly countedAt: number;
}
