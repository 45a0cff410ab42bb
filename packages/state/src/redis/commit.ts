import type { ComponentCommit } from '@kenal/contracts';
import { checkCommit } from '../check-commit.ts';
import { encodeParked } from '../parked.ts';
import { byCentre } from '../shelving.ts';
import { COMMIT } from './commit-script.ts';
import type { Connection, ScriptCall } from './connection.ts';
import { keysOf, type WorkspaceKeys } from './keys.ts';
import { frame } from './outbox.ts';

type Args = (string | Buffer | number)[];

/** One script call a component, all in one pipeline: a lost race undoes nothing of the others. */
export async function commit(
  { run }: Connection,
  workspace: string,
  commits: readonly ComponentCommit[],
  fence?: number,
): Promise<readonly boolean[]> {
  for (const one of commits) checkCommit(one);
  const keys = keysOf(workspace);
  const replies = await run(
    COMMIT,
    commits.map((one) => scriptCall(keys, one, fence)),
  );
  return replies.map((reply) => reply === 1);
}

/** Keys and arguments in the order that `COMMIT` reads them. */
function scriptCall(keys: WorkspaceKeys, one: ComponentCommit, fence: number | undefined): ScriptCall {
  const { target, expect, absent, absorb, point, set, unset, issued, outbox } = one;
  const names = [keys.component(target), keys.issued, keys.outbox, keys.processed];
  for (const id of expect.keys()) names.push(keys.component(id));
  for (const identifier of absent) names.push(keys.pointer(identifier));
  for (const id of absorb) names.push(keys.component(id));
  for (const identifier of point) names.push(keys.pointer(identifier));
  const args: Args = [
    expect.size,
    absent.length,
    absorb.length,
    point.length,
    set.size,
    unset.length,
    issued.size,
    outbox.length,
    target,
    expect.get(target)! + 1,
    fence ?? '',
  ];
  for (const version of expect.values()) args.push(version);
  for (const name of unset) args.push(name);
  for (const [name, value] of set) args.push(name, value);
  for (const [profile, anchor] of issued) args.push(profile, anchor);
  for (const message of outbox) args.push(frame(message));
  const { unchanged, shelfSizes, detach, park, shelve, forget, recall } = one;
  if (unchanged ?? shelfSizes ?? detach ?? park ?? shelve ?? forget ?? recall) pushRare(keys, one, names, args);
  return { keys: names, args };
}

function pushRare(keys: WorkspaceKeys, one: ComponentCommit, names: string[], args: Args): void {
  const { unchanged = [], shelfSizes = new Map(), detach = [], park = new Map() } = one;
  const { forget = [], recall = [] } = one;
  const shelves = byCentre(one.shelve ?? []);
  args.push(unchanged.length, shelfSizes.size, detach.length);
  args.push(park.size, shelves.size, forget.length, recall.length);
  for (const { component, field, text } of unchanged) {
    names.push(keys.component(component));
    args.push(field, text === null ? '' : `=${text}`);
  }
  for (const [centre, size] of shelfSizes) {
    names.push(keys.shelf(centre));
    args.push(size);
  }
  pushPieces(keys, detach, names, args);
  pushParked(keys, park, names, args);
  for (const [centre, entries] of shelves) pushShelf(keys.shelf(centre), entries, names, args);
  for (const identifier of forget) names.push(keys.pointer(identifier), keys.shelf(identifier));
  for (const profile of recall) args.push(profile);
}

function pushParked(
  keys: WorkspaceKeys,
  leaves: NonNullable<ComponentCommit['park']>,
  names: string[],
  args: Args,
): void {
  for (const [identifier, leaf] of leaves) {
    names.push(keys.pointer(identifier));
    args.push(encodeParked(leaf));
  }
}

function pushPieces(
  keys: WorkspaceKeys,
  pieces: NonNullable<ComponentCommit['detach']>,
  names: string[],
  args: Args,
): void {
  for (const { id, fields, point } of pieces) {
    names.push(keys.component(id));
    args.push(id, fields.length, point.length);
  }
  for (const { fields, point } of pieces) {
    for (const identifier of point) names.push(keys.pointer(identifier));
    for (const name of fields) args.push(name);
  }
}

function pushShelf(shelf: string, entries: ReadonlyMap<string, number | null>, names: string[], args: Args): void {
  const ranked: Args = [];
  const taken: Args = [];
  for (const [leaf, rank] of entries) {
    if (rank === null) taken.push(leaf);
    else ranked.push(rank, leaf);
  }
  names.push(shelf);
  args.push(ranked.length / 2, taken.length);
  for (const arg of ranked) args.push(arg);
  for (const arg of taken) args.push(arg);
}
