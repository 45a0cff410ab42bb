/** Content types of a failed event's bytes that are Kenal's own, beside those that clients name. */
export const FAILED_BODY = {
  /** A refused part of a delivery: `{"headers": {…}, "item": …}`, all that its mapping reads; `messageId` where it became one event. */
  item: 'application/vnd.kenal.item+json',
  /** An event in Segment's form that a mapping made, and that `accept` refused. */
  event: 'application/vnd.kenal.event+json',
  /** A reference record as it came, or a whole call `{"records": […]}`. */
  record: 'application/vnd.kenal.record+json',
  /** A frame of the stream that is no event yet, as it came. */
  frame: 'application/vnd.kenal.frame+json',
  /** An interaction that the identity resolver or the warehouse loader refused, as JSON. */
  interaction: 'application/vnd.kenal.interaction+json',
  /** The same as the log had it. */
  avro: 'application/avro',
  /** `…; type="text/csv"`: the bytes are `sha256:<64 hex digits>`, the name of their file in the blob folder. */
  blob: 'application/vnd.kenal.blob',
  /** `…; type="application/avro"; bytes=950000`: only the beginning was kept. */
  cut: 'application/vnd.kenal.cut',
} as const;
