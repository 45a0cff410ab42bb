import type { ComponentCommit, IdentityState, OutboxMessage } from '@kenal/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMemoryState } from './memory.ts';
import type { Bench } from './suite.ts';

const RUNS = Number(process.env.KENAL_PROPERTY_RUNS ?? 300);
const IDS = ['c-0', 'c-1', 'c-2', 'c-3'];
const KEYS = ['user_id:0', 'email:é@ü.x', 'phone:+1', 'device_id:a:b', 'anonymous_id:\u{1f600}', 'x:{}'];
const PROFILES = ['p-0', 'p-1'];

const name = fc.constantFrom('o|a|b', 't|é', '|', '\0', ' ', '0');
const value = fc.string({ unit: 'grapheme', maxLength: 8 });
const message = fc.record({ key: value, value: fc.uint8Array({ maxLength: 6 }) });

/** A commit whose versions are those of the model, now and then one off. `guess` is added to what the model has. */
const draft = fc.record({
  target: fc.constantFrom(...IDS),
  absorb: fc.subarray(IDS, { maxLength: 2 }),
  guess: fc.constantFrom(0, 0, 0, 0, 1, -1),
  absent: fc.subarray(KEYS, { maxLength: 1 }),
  set: fc.array(fc.tuple(name, value), { maxLength: 4 }),
  unset: fc.array(name, { maxLength: 2 }),
  point: fc.subarray(KEYS),
  issued: fc.array(fc.tuple(fc.constantFrom(...PROFILES), fc.constantFrom(...KEYS)), { maxLength: 2 }),
  outbox: fc.array(message, { maxLength: 2 }),
});
type Draft = typeof draft extends fc.Arbitrary<infer T> ? T : never;

const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('commit' as const), drafts: fc.array(draft, { maxLength: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('relay' as const), limit: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      partition: fc.integer({ min: 0, max: 1 }),
      offset: fc.integer({ min: 0, max: 9 }),
    }),
  },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

/** Versions that the model's components have: each commit that is applied raises its target by one. */
class Versions {
  readonly #known = new Map<string, number>();

  complete({ target, absorb, guess, ...rest }: Draft): ComponentCommit {
    const joined = absorb.filter((id) => id !== target);
    const expect = new Map([target, ...joined].map((id) => [id, this.#known.get(id) ?? 0]));
    expect.set(target, Math.max(0, expect.get(target)! + guess));
    return { ...rest, target, absorb: joined, expect, set: new Map(rest.set), issued: new Map(rest.issued) };
  }

  applied({ target, absorb, expect }: ComponentCommit): void {
    this.#known.set(target, expect.get(target)! + 1);
    for (const id of absorb) this.#known.delete(id);
  }
}

async function relayed(state: IdentityState, workspace: string, limit: number): Promise<unknown> {
  const seen: OutboxMessage[] = [];
  const { sent } = await state.relay(workspace, 'h', limit, async (messages) => void seen.push(...messages));
  return [sent, seen.map((one) => [one.key, [...one.value]])];
}

async function everything(state: IdentityState, workspace: string): Promise<unknown> {
  const { pointers, components } = await state.load(workspace, KEYS);
  return {
    pointers,
    components,
    anchors: await Promise.all(PROFILES.map((profile) => state.anchor(workspace, profile))),
    offsets: await state.processed([workspace], [0, 1]),
    outbox: await relayed(state, workspace, 1_000),
  };
}

export function parityPromises({ state, workspace }: Bench): void {
  test('any sequence of calls gives the same answers and the same state as the model in memory', async () => {
    const step = async (one: Command, model: IdentityState, versions: Versions, ws: string) => {
      if (one.kind === 'relay') {
        expect(await relayed(state(), ws, one.limit)).toEqual(await relayed(model, ws, one.limit));
      } else if (one.kind === 'advance') {
        const raise = [{ workspace: ws, partition: one.partition, offset: one.offset }];
        expect(await state().advance(raise)).toEqual(await model.advance(raise));
      } else {
        const commits = one.drafts.map((d) => versions.complete(d));
        const answers = await model.commit(ws, commits);
        expect(await state().commit(ws, commits)).toEqual(answers);
        for (const [n, applied] of answers.entries()) if (applied) versions.applied(commits[n]!);
      }
    };
    const run = async (commands: Command[]) => {
      const model = createMemoryState();
      const versions = new Versions();
      const ws = workspace();
      for (const one of commands) await step(one, model, versions, ws);
      expect(await everything(state(), ws)).toEqual(await everything(model, ws));
    };
    const commands = fc.array(command, { minLength: 1, maxLength: 12, size: 'max' });
    await fc.assert(fc.asyncProperty(commands, run), { numRuns: RUNS });
  });
}
