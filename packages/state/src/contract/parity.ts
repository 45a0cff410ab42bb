import type { ComponentSnapshot, IdentityState, OutboxMessage } from '@kenal/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Command, command, complete, KEYS, PARTITIONS, PROFILES, type Standing } from './drafts.ts';
import { createMemoryState } from './memory.ts';
import type { Bench } from './suite.ts';

const RUNS = Number(process.env.KENAL_PROPERTY_RUNS ?? 300);
const SHELVES = KEYS.map((centre) => ({ centre, limit: 100 }));

async function standing(state: IdentityState, workspace: string): Promise<Standing> {
  const loaded = await state.load(workspace, KEYS, SHELVES);
  const all = new Map<string, ComponentSnapshot>();
  let cursor: string | null = null;
  do {
    const page = await state.scan(workspace, cursor);
    for (const one of page.components) all.set(one.id, one);
    cursor = page.cursor;
  } while (cursor !== null);
  return { ...loaded, all };
}

async function relayed(state: IdentityState, workspace: string, limit: number): Promise<unknown> {
  const seen: OutboxMessage[] = [];
  const { sent } = await state.relay(workspace, 'h', limit, async (messages) => void seen.push(...messages));
  return [sent, seen.map((one) => [one.key, [...one.value]])];
}

async function everything(state: IdentityState, workspace: string): Promise<unknown> {
  const { now: _, ...all } = await standing(state, workspace);
  return {
    ...all,
    first: (await state.load(workspace, [], [{ centre: KEYS[0]!, limit: 2 }])).shelves,
    anchors: await Promise.all(PROFILES.map((profile) => state.anchor(workspace, profile))),
    offsets: await state.processed([workspace], PARTITIONS),
    outbox: await relayed(state, workspace, 1_000),
  };
}

export function parityPromises({ state, workspace }: Bench): void {
  test('any sequence of calls gives the same answers and the same state as the model in memory', async () => {
    const step = async (one: Command, model: IdentityState, ws: string) => {
      if (one.kind === 'relay') {
        expect(await relayed(state(), ws, one.limit)).toEqual(await relayed(model, ws, one.limit));
      } else if (one.kind === 'advance') {
        const raise = [{ workspace: ws, partition: one.partition, offset: one.offset }];
        expect(await state().advance(raise)).toEqual(await model.advance(raise));
      } else {
        const now = await standing(model, ws);
        const commits = one.drafts.map((draft) => complete(draft, now));
        const fence = one.fence === null ? undefined : now.fence + one.fence;
        expect(await state().commit(ws, commits, fence)).toEqual(await model.commit(ws, commits, fence));
      }
    };
    const run = async (commands: Command[]) => {
      const model = createMemoryState();
      const ws = workspace();
      for (const one of commands) await step(one, model, ws);
      expect(await everything(state(), ws)).toEqual(await everything(model, ws));
    };
    const commands = fc.array(command, { minLength: 1, maxLength: 12, size: 'max' });
    await fc.assert(fc.asyncProperty(commands, run), { numRuns: RUNS });
  });
}
