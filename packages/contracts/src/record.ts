import { z } from 'zod';
import { receiptSchema } from './receipt.ts';

/** What the organisation tells of its own world, beside interactions. */
export const RECORD_KINDS = ['item', 'price', 'cost', 'stock', 'campaign', 'account'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/**
 * A fact of the organisation with the time for which it holds: the value of topic `kenal.records.v1`, kept for ever, so it
 * names no customer. Of several with one (workspace, kind, id, validFrom) the one that was recorded last holds; among those
 * of one moment their content decides, so that any order of reading gives the same.
 */
export const referenceRecordSchema = z.object({
  workspace: z.string(),
  /** The source whose key brought it; no part of what it is known by. */
  source: z.string(),
  kind: z.enum(RECORD_KINDS),
  id: z.string().min(1),
  /** From when it holds; null: from ever. Until the record after it begins, or before that `validTo`. */
  validFrom: z.number().int().nullable(),
  /** null: nobody said an end. */
  validTo: z.number().int().nullable(),
  /** Its fields, as the text of a JSON object; amounts are decimal text. */
  values: z.string(),
  receivedAt: z.number().int(),
  /** When it became known: the caller's word, else `receivedAt`. */
  recordedAt: z.number().int(),
  /** null: it came before records were counted. */
  receipt: receiptSchema.nullable(),
});
export type ReferenceRecord = z.infer<typeof referenceRecordSchema>;
