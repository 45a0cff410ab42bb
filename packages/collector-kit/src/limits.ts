/** What a collector takes (reliability.md, "Edge limits"). Sizes are of decompressed JSON. */
export interface Limits {
  readonly eventBytes: number;
  readonly bodyBytes: number;
  readonly batchEvents: number;
  readonly keys: number;
  readonly depth: number;
  /** Bytes that the envelope's context may add to all events of a batch together. */
  readonly sharedContextBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  eventBytes: 32 * 1024,
  bodyBytes: 4 * 1024 * 1024,
  batchEvents: 2_500,
  keys: 1_000,
  depth: 32,
  sharedContextBytes: 16 * 1024 * 1024,
};
