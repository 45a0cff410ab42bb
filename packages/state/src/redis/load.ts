import {
  type ComponentSnapshot,
  DIRECTIVES_PARTITION,
  type IdentifierKey,
  type LoadedState,
  type ParkedLeaf,
  type ShelfQuery,
} from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { checkShelves } from '../check-commit.ts';
import { decodeParked, isParked } from '../parked.ts';
import type { Connection } from './connection.ts';
import { keysOf, type WorkspaceKeys } from './keys.ts';
import { readComponents } from './read-components.ts';
import { readShelves } from './read-shelves.ts';

/** How often pointers may be overtaken by moves between two round trips before we leave it to the caller's retry. */
const ROUNDS = 100;

/** What was read so far: the pointer record (a component id, a parked leaf, nothing) of each identifier, and components. */
interface Reading {
  readonly records: Map<IdentifierKey, string | null>;
  readonly components: Map<string, ComponentSnapshot>;
}

/**
 * Pointers and clock in one round trip, components in a second, centres of parked leaves in one between. They may be of
 * different instants: whatever changes a component after it was read fails the version check of the commit. But a pointer
 * may be moved after it was read and before the component is: that was joined away, and taken as it looks (version 0) it
 * would be made anew beside the one that has its evidence; or it gave the identifier away (detached, parked, parked no
 * more), and its fresh version would vouch for a stale pointer. So pointers are read a second time, behind the components
 * in the same trip, and those that moved are followed again. One that stands has lost its component where that is of
 * version 0 (evicted): it is to be built anew. For the same reason shelves are read after the components that they hang
 * on, and the pointers of their leaves after them.
 */
export async function load(
  connection: Connection,
  workspace: string,
  identifiers: readonly IdentifierKey[],
  shelves: readonly ShelfQuery[] = [],
): Promise<LoadedState> {
  checkShelves(shelves);
  const { redis, within } = connection;
  const keys = keysOf(workspace);
  const [time, fence, records] = await within(
    Promise.all([
      redis.time(),
      redis.hget(keys.processed, String(DIRECTIVES_PARTITION)),
      readRecords(redis, keys, identifiers),
    ]),
  );
  const reading: Reading = {
    records: new Map(identifiers.map((identifier, i) => [identifier, records[i]!])),
    components: new Map(),
  };
  let open: readonly IdentifierKey[] = identifiers;
  for (let round = 0; open.length > 0; round += 1) {
    if (round === ROUNDS)
      throw new KenalError('unavailable', 'identity state: components were joined faster than they could be read');
    open = await follow(connection, keys, reading, open);
  }
  return {
    now: Number(time[0]) * 1_000_000 + Number(time[1]),
    fence: Number(fence ?? -1),
    ...resolve(identifiers, reading),
    shelves: await readShelves(connection, keys, shelves),
  };
}

/** Read the components behind `open`. @returns identifiers whose pointers were moved meanwhile */
async function follow(
  connection: Connection,
  keys: WorkspaceKeys,
  { records, components }: Reading,
  open: readonly IdentifierKey[],
): Promise<readonly IdentifierKey[]> {
  const { redis, within } = connection;
  const centres = new Set(open.flatMap((identifier) => centreOf(records.get(identifier)) ?? []));
  const unread = [...centres].filter((centre) => !records.has(centre));
  for (const [i, record] of (await within(readRecords(redis, keys, unread))).entries()) records.set(unread[i]!, record);
  const asked = [...new Set([...open, ...centres])].filter((identifier) => records.get(identifier));
  const ids = new Set(asked.map((identifier) => records.get(identifier)!));
  const wanted = [...ids].filter((id) => !isParked(id) && !components.get(id)?.version);
  const [read, again] = await Promise.all([
    readComponents(connection, keys, wanted),
    within(readRecords(redis, keys, asked)),
  ]);
  for (const one of read) components.set(one.id, one);
  return asked.filter((identifier, i) => {
    const record = again[i]!;
    if (records.get(identifier) === record) return false;
    records.set(identifier, record);
    return true;
  });
}

async function readRecords(
  redis: Connection['redis'],
  keys: WorkspaceKeys,
  identifiers: readonly IdentifierKey[],
): Promise<readonly (string | null)[]> {
  return identifiers.length === 0 ? [] : redis.mget(identifiers.map(keys.pointer));
}

function centreOf(record: string | null | undefined): IdentifierKey | null {
  return record && isParked(record) ? decodeParked(record).centre : null;
}

function resolve(identifiers: readonly IdentifierKey[], reading: Reading) {
  const pointers = new Map<IdentifierKey, string>();
  const parked = new Map<IdentifierKey, ParkedLeaf>();
  const components = new Map<string, ComponentSnapshot>();
  for (const identifier of identifiers) {
    let record = reading.records.get(identifier);
    if (record && isParked(record)) {
      const leaf = decodeParked(record);
      parked.set(identifier, leaf);
      record = reading.records.get(leaf.centre);
      if (record && isParked(record)) continue;
    }
    if (!record) continue;
    pointers.set(identifier, record);
    if (!components.has(record)) components.set(record, reading.components.get(record)!);
  }
  return { pointers, parked, components };
}
