import type { LogPosition } from '@kenal/contracts';
import { MAX_RECORD_BYTES } from './limits.ts';

/** Room for what a failed event says about its body: ids, the reason, the framing. */
const ENVELOPE_BYTES = 100_000;
const KEPT_BYTES = MAX_RECORD_BYTES - ENVELOPE_BYTES;
const REASON_CHARS = 2_000;

/**
 * Make what was refused fit into a failed event: the body of a record near the limit and its envelope would exceed it, and
 * what cannot be appended would be delivered again for ever.
 * @param whole where the record stands in the log, with all its bytes
 * @returns the body, cut after 900,000 bytes, and the reason, which then says so and where the whole is
 */
export function keepBody(
  body: Uint8Array,
  reason: string,
  whole: LogPosition,
): { readonly body: Uint8Array<ArrayBuffer>; readonly reason: string } {
  const short = reason.slice(0, REASON_CHARS);
  if (body.byteLength <= KEPT_BYTES) return { body: new Uint8Array(body), reason: short };
  const { topic, partition, offset } = whole;
  return {
    body: new Uint8Array(body.subarray(0, KEPT_BYTES)),
    reason: `${short} (the first ${KEPT_BYTES} of ${body.byteLength} bytes; the whole record: ${topic}/${partition}@${offset})`,
  };
}
