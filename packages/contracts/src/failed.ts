import { z } from 'zod';
import { receiptSchema } from './receipt.ts';

/** Which step refused the event. */
export const FAILURE_STAGES = ['collector', 'resolver', 'loader'] as const;
export type FailureStage = (typeof FAILURE_STAGES)[number];

/** What became of a failed event. */
export const FAILED_STATES = ['open', 'fixed', 'replayed', 'dismissed'] as const;
export type FailedState = (typeof FAILED_STATES)[number];

/** What somebody decided about a failed event, after it had been refused. */
export const failedChangeSchema = z.object({
  /** fixed: `body` is the repaired one, to be sent again; replayed: it was; dismissed: nobody will. */
  state: z.enum(['fixed', 'replayed', 'dismissed']),
  at: z.number().int(),
  /** What the caller said of itself, and the key that it came with. */
  actor: z.string(),
  note: z.string(),
});
export type FailedChange = z.infer<typeof failedChangeSchema>;

/** An event that was received but not accepted, kept whole: the value of topic `kenal.interactions.failed.v1`. */
export const failedSchema = z.object({
  /** Stable over retries: hash of source, receipt and reason where the event had no id of its own. */
  failureId: z.string().min(1),
  workspace: z.string(),
  source: z.string(),
  /** The event's own id where it could be read, else ''. */
  messageId: z.string(),
  receivedAt: z.number().int(),
  failedAt: z.number().int(),
  stage: z.enum(FAILURE_STAGES),
  /** Code of the error catalogue. */
  code: z.string(),
  /** JSON path at fault, `$` for the whole. */
  path: z.string(),
  reason: z.string(),
  /** The original bytes, or what `contentType` says of them. */
  body: z.instanceof(Uint8Array),
  /**
   * Of the original bytes. Of bytes too many for a record: `application/vnd.kenal.blob; type="…"`, body is
   * `sha256:<64 hex digits>`, the name of their file; `application/vnd.kenal.cut; type="…"; bytes=<all>`, body is the
   * first of them.
   */
  contentType: z.string(),
  receipt: receiptSchema.nullable(),
  /**
   * JSON `{type?, sentAt?, context?, anonymousId?, isPublic?, headers?}`: what the call said beside the event's bytes; ''
   * where nothing.
   */
  frame: z.string(),
  /** null: the event was refused. Else a later word on it under the same failureId; `body` is then the repaired one, or empty. */
  change: failedChangeSchema.nullable(),
});
export type FailedEvent = z.infer<typeof failedSchema>;
