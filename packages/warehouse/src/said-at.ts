/**
 * SQL of the time by which words on a trait are ordered, of a row of `kenal.interactions`: the event time of
 * packages/identity (`interaction-evidence.ts`). The view of profile gaps has it too (views_gaps.sql).
 */
export const SAID_AT = `multiIf(isNull(client_at), received_at, assumeNotNull(client_at) > received_at + INTERVAL 1 DAY,
  occurred_at, assumeNotNull(client_at))`;
