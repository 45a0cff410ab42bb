const MAX_INT64 = 2n ** 63n - 1n;

/**
 * Column `ver` of `kenal.interaction_rows`: of the copies of one interaction the one that occurred first stays, among
 * equals the one with the newest assignment.
 * @param occurredAt microseconds
 * @param assignment version of the assignment owner → profile
 * @returns an unsigned 128-bit number
 */
export function rowVersion(occurredAt: number, assignment: number): bigint {
  return ((MAX_INT64 - BigInt(occurredAt)) << 64n) | BigInt(assignment);
}
