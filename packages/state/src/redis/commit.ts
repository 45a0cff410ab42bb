import type { ComponentCommit } from '@kenal/contracts';
import { checkCommit } from '../check-commit.ts';
import type { Connection, ScriptCall } from './connection.ts';
import { keysOf, type WorkspaceKeys } from './keys.ts';
import { frame } from './outbox.ts';
import { COMMIT } from './scripts.ts';

/** One script call a component, all in one pipeline: a lost race undoes nothing of the others. */
export async function commit(
  { run }: Connection,
  workspace: string,
  commits: readonly ComponentCommit[],
): Promise<readonly boolean[]> {
  for (const one of commits) checkCommit(one);
  const keys = keysOf(workspace);
  const replies = await run(
    COMMIT,
    commits.map((one) => scriptCall(keys, one)),
  );
  return replies.map((reply) => reply === 1);
}

/** Keys and arguments in the order that `COMMIT` reads them. */
function scriptCall(keys: WorkspaceKeys, one: ComponentCommit): ScriptCall {
  const { target, expect, absent, absorb, point, set, unset, issued, outbox } = one;
  const names = [keys.component(target), keys.issued, keys.outbox];
  for (const id of expect.keys()) names.push(keys.component(id));
  for (const identifier of absent) names.push(keys.pointer(identifier));
  for (const id of absorb) names.push(keys.component(id));
  for (const identifier of point) names.push(keys.pointer(identifier));
  const args: (string | Buffer | number)[] = [
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
  ];
  for (const version of expect.values()) args.push(version);
  for (const name of unset) args.push(name);
  for (const [name, value] of set) args.push(name, value);
  for (const [profile, anchor] of issued) args.push(profile, anchor);
  for (const message of outbox) args.push(frame(message));
  return { keys: names, args };
}
