import type { Identifier, Interaction } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';
import { eachPage, eachRange, execute, IN_RANGE } from './statements.ts';

/** What an interaction says about who is who, as the warehouse kept it. */
export interface EvidenceRow
  extends Pick<Interaction, 'id' | 'source' | 'type' | 'traits' | 'identifiers' | 'consent'> {
  readonly clientAt: number | null;
  readonly receivedAt: number;
  readonly occurredAt: number;
  /** Of an event without a time of its own: when the first and the last of its copies came; else 0. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** As the row has them, which was written by the rules of then. */
  readonly owner: string;
  readonly valid: readonly Identifier[];
  /** Rows of one person have one place. */
  readonly place: number;
}

const TABLE = 'kenal.rebuild_evidence';
/** Interactions that one statement puts in order: it takes seconds, and others may write in between. */
const ROWS_A_STEP = 500_000;
const ROWS_A_PAGE = 2_000;

const PERSON = `if(r.owner = '', concat(r.source, r.message_id), if(
  tupleElement(joinGet('kenal.profile_overrides_live', 'assignment', toString(r.workspace), r.owner), 2) > toUInt64(r.ver),
  tupleElement(joinGet('kenal.profile_overrides_live', 'assignment', toString(r.workspace), r.owner), 1), r.profile_id))`;
const STAGE = `INSERT INTO ${TABLE}
  SELECT r.workspace, bitShiftRight(cityHash64(${PERSON}), 11), r.source, r.message_id, r.type,
    if(isNull(r.client_at), NULL, toUnixTimestamp64Micro(assumeNotNull(r.client_at))),
    toUnixTimestamp64Micro(r.received_at), toUnixTimestamp64Micro(r.occurred_at), t.first_at, t.last_at,
    r.identifiers_sent, multiIf(r.type != 'identify', '{}', r.traits_sent = '', r.traits, r.traits_sent), r.consent, r.owner, r.identifiers
  FROM (SELECT * FROM kenal.interaction_rows FINAL WHERE ${IN_RANGE} AND notEmpty(identifiers_sent)) AS r
  LEFT JOIN (
    SELECT message_id, toUnixTimestamp64Micro(min(first_at)) AS first_at, toUnixTimestamp64Micro(max(last_at)) AS last_at
    FROM kenal.copy_times WHERE ${IN_RANGE} GROUP BY message_id
  ) AS t ON r.message_id = t.message_id`;

/**
 * Put the interactions of a workspace in the order of their persons, so that each of these is decided about once; nothing
 * but speed hangs on it. Memory and time of each statement are bounded, however many there are.
 * @param onStep told how many rows have been gone through
 * @returns how many say something
 */
export async function stageEvidence(
  warehouse: Warehouse,
  workspace: string,
  onStep: (rows: number) => void,
): Promise<number> {
  await clearEvidence(warehouse, workspace);
  let steps = 0;
  for await (const range of eachRange(warehouse, 'kenal.interaction_rows', workspace, ROWS_A_STEP)) {
    await execute(warehouse, STAGE, { workspace, ...range });
    steps += 1;
    onStep(steps * ROWS_A_STEP);
  }
  const [found] = await warehouse.query<{ rows: number }>(
    `SELECT count() AS rows FROM ${TABLE} WHERE workspace = {workspace:String}`,
    { params: { workspace } },
  );
  return found?.rows ?? 0;
}

/** Rows in the order of {@link stageEvidence}, some thousand at a time. */
export function evidencePages(warehouse: Warehouse, workspace: string): AsyncGenerator<readonly EvidenceRow[]> {
  const sql = `SELECT place, source, message_id AS id, type, client_at AS clientAt, received_at AS receivedAt,
      occurred_at AS occurredAt, first_at AS firstAt, last_at AS lastAt, identifiers_sent AS identifiers, traits, consent,
      owner, rebuild_evidence.identifiers AS valid
    FROM ${TABLE}
    WHERE workspace = {workspace:String} AND (place > {place:UInt64} OR (place = {place:UInt64} AND
      (source > {source:String} OR (source = {source:String} AND message_id > {id:String}))))
    ORDER BY rebuild_evidence.place, rebuild_evidence.source, message_id LIMIT ${ROWS_A_PAGE}`;
  return eachPage(ROWS_A_PAGE, (last: EvidenceRow | undefined) => {
    const { place = 0, source = '', id = '' } = last ?? {};
    return warehouse.query<EvidenceRow>(sql, { params: { workspace, place, source, id } });
  });
}

/** What is put in order is a copy of what people said: nothing of it stays. */
export function clearEvidence(warehouse: Warehouse, workspace: string): Promise<void> {
  return execute(warehouse, `ALTER TABLE ${TABLE} DROP PARTITION {workspace:String}`, { workspace });
}
