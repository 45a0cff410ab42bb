import type { ComponentCommit } from '@kenal/contracts';
import { checkCommit } from '../check-commit.ts';
import { encodeParked } from '../parked.ts';
import { byCentre } from '../shelving.ts';
import { COMMIT } from './commit-script.ts';
import type { Connection } from './connection.ts';
import { keysOf, type WorkspaceKeys } from './keys.ts';
import { frame } from './outbox.ts';
import type { ScriptCall } from './script-command.ts';

type Args = (string | Uint8Array | number)[];

/** Bound how long Redis serves nobody else, and keep it busy while the next call is put together. */
const COMMITS_A_CALL = 50;
const ARGS_A_CALL = 5_000;

/** Many components a script call, all calls on their way at once: a lost race undoes nothing of the others. */
export async function commit(
  { run }: Connection,
  workspace: string,
  commits: readonly ComponentCommit[],
  fence?: number,
): Promise<readonly boolean[]> {
  for (const one of commits) checkCommit(one);
  const replies = await run(COMMIT, scriptCalls(keysOf(workspace), commits, fence));
  return (replies as number[][]).flatMap((applied) => applied.map((one) => one === 1));
}

/** Made one after the other, as they are sent. */
function* scriptCalls(
  keys: WorkspaceKeys,
  commits: readonly ComponentCommit[],
  fence: number | undefined,
): Iterable<ScriptCall> {
  for (let at = 0; at < commits.length; ) {
    const names = [keys.issued, keys.outbox, keys.processed];
    const args: Args = [fence ?? '', 0, 0];
    const first = at;
    while (at < commits.length && at - first < COMMITS_A_CALL && args.length < ARGS_A_CALL) {
      pushCommit(keys, commits[at]!, names, args);
      at += 1;
    }
    args[1] = at - first;
    args[2] = args.length;
    for (let i = first; i < at; i += 1) for (const message of commits[i]!.outbox) args.push(frame(message));
    yield { keys: names, args };
  }
}

/** Keys and arguments in the order that `COMMIT` reads them. */
function pushCommit(keys: WorkspaceKeys, one: ComponentCommit, names: string[], args: Args): void {
  const { target, expect, absent, absorb, point, set, unset, issued, outbox } = one;
  const [firstKey, firstArg] = [names.length, args.length];
  const version = expect.get(target)! + 1;
  names.push(keys.component(target));
  for (const id of expect.keys()) names.push(keys.component(id));
  for (const identifier of absent) names.push(keys.pointer(identifier));
  for (const id of absorb) names.push(keys.component(id));
  for (const identifier of point) names.push(keys.pointer(identifier));
  args.push(0, 0, expect.size, absent.length, absorb.length, point.length, set.size, unset.length);
  args.push(issued.size, outbox.length, target, version);
  for (const expected of expect.values()) args.push(expected);
  for (const name of unset) args.push(name);
  for (const [name, value] of set) args.push(name, value);
  args.push('', version);
  for (const [profile, anchor] of issued) args.push(profile, anchor);
  const { unchanged, shelfSizes, detach, park, shelve, forget, recall } = one;
  if (unchanged ?? shelfSizes ?? detach ?? park ?? shelve ?? forget ?? recall) pushRare(keys, one, names, args);
  args[firstArg] = names.length - firstKey;
  args[firstArg + 1] = args.length - firstArg;
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
