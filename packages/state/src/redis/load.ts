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
import { keysOf, MOVES, type WorkspaceKeys } from './keys.ts';
import { readComponents } from './read-components.ts';
import { readShelves } from './read-shelves.ts';

/** How often pointers may be overtaken by moves between two round trips before we leave it to the caller's retry. */
const ROUNDS = 100;

/** What was read so far: the pointer record (a component id, a parked leaf, nothing) of each identifier, and components. */
interface Reading {
  readonly records: Map<IdentifierKey, string | null>;
  readonly components: Map<string, ComponentSnapshot>;
  /** The workspace's count of moves before the newest of the records was read. */
  moves: string | null;
}

/**
 * Pointers and clock in one round trip, components in a second, centres of parked leaves in one between. They may be of
 * different instants: whatever changes a component after it was read fails the version check of the commit. But a pointer
 * may be moved after it was read and before the component is: that was joined away, and taken as it looks (version 0) it
 * would be made anew beside the one that has its evidence; or it gave the identifier away (detached, parked, parked no
 * more), and its fresh version would vouch for a stale pointer. `COMMIT` counts the latter. Where the count has moved or
 * a component is missing, pointers are read a second time, and those that moved are followed again. One that stands has
 * lost its component where that is of version 0 (evicted): it is to be built anew. For the same reason shelves are read
 * after the components that they hang on, and the pointers of their leaves after them.
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
  const [time, [fence, moves], records] = await within(
    Promise.all([
      redis.time(),
      redis.hmget(keys.processed, String(DIRECTIVES_PARTITION), MOVES), // before the pointers, of which it tells
      readRecords(redis, keys, identifiers),
    ]),
  );
  const reading: Reading = {
    records: new Map(identifiers.map((identifier, i) => [identifier, records[i]!])),
    components: new Map(),
    moves: moves ?? null,
  };
  let open: readonly IdentifierKey[] = [...reading.records.keys()];
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
  reading: Reading,
  open: readonly IdentifierKey[],
): Promise<readonly IdentifierKey[]> {
  const { redis, within } = connection;
  const { records, components } = reading;
  const asked: IdentifierKey[] = [];
  const wanted = new Set<string>();
  const centres = new Set<IdentifierKey>();
  const ask = (identifier: IdentifierKey) => {
    const record = records.get(identifier);
    if (!record) return;
    asked.push(identifier);
    if (isParked(record)) centres.add(decodeParked(record).centre);
    else if (!components.get(record)?.version) wanted.add(record);
  };
  for (const identifier of open) ask(identifier);
  if (centres.size > 0) {
    for (const identifier of open) centres.delete(identifier);
    const unread = [...centres].filter((centre) => !records.has(centre));
    const found = await within(readRecords(redis, keys, unread));
    for (const [i, centre] of unread.entries()) records.set(centre, found[i]!);
    for (const centre of [...centres]) ask(centre);
  }
  if (asked.length === 0) return [];
  const read = await readComponents(connection, keys, [...wanted]);
  for (const one of read.components) components.set(one.id, one);
  if (read.moves === reading.moves && read.components.every(({ version }) => version > 0)) return [];
  reading.moves = read.moves;
  const again = await within(readRecords(redis, keys, asked));
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
