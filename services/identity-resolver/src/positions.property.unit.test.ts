import { type EventLog, type LogBatch, type StoredRecord, TOPICS } from '@kenal/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Acknowledged, createAcknowledged } from './acknowledged.ts';
import { createHeld, type Held } from './lane/held.ts';
import { createPositions, OutOfPlace, type Positions, StateLostTail } from './positions.ts';
import { createLossyState } from './testing/lossy-state.ts';
import type { Decoded } from './work.ts';

const TOPIC = TOPICS.interactions.name;
const WORKSPACES = ['a', 'b', 'c'];
const PARTITIONS = [0, 1];
const RUNS = Number(process.env.KENAL_PROPERTY_RUNS ?? 1_000);

/** The log as far as positions are concerned: whose each record is, where the group stands, what retention has taken. */
function createLog() {
  const records = new Map(PARTITIONS.map((partition) => [partition, [] as string[]]));
  const earliest = new Map(PARTITIONS.map((partition) => [partition, 0]));
  const group = new Map<number, number>();
  const stored = (partition: number, offset: number): StoredRecord => ({
    ...{ topic: TOPIC, partition, offset, timestamp: 0, key: null },
    value: new TextEncoder().encode(records.get(partition)![offset]),
  });
  const log = {
    ranges: async (topic: string) =>
      topic === TOPIC
        ? PARTITIONS.map((partition) => ({
            ...{ topic, partition, earliest: earliest.get(partition)! },
            latest: records.get(partition)!.length,
          }))
        : [{ topic, partition: 0, earliest: 0, latest: 1 }],
    committed: async () => [...group].map(([partition, offset]) => ({ topic: TOPIC, partition, offset })),
    read: async ({ partition, offset }: { partition: number; offset: number }) => {
      const from = Math.max(offset, earliest.get(partition)!);
      return from < records.get(partition)!.length ? [stored(partition, from)] : [];
    },
  } as unknown as EventLog;
  return { log, records, earliest, group, stored };
}

interface Work {
  readonly do: 'work';
  readonly partition: number;
  readonly records: number;
  readonly dieAt: number | null;
  /** Which of the records is left to the lane. */
  readonly aside: number | null;
}

type Step =
  | { readonly do: 'append'; readonly workspace: string; readonly partition: number }
  | Work
  | { readonly do: 'release' }
  | { readonly do: 'start'; readonly workspaces: readonly string[] }
  | { readonly do: 'lose'; readonly stores: readonly { readonly store: string; readonly writes: number }[] }
  | { readonly do: 'retain'; readonly partition: number; readonly records: number }
  | { readonly do: 'check' };

const partition = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(...PARTITIONS) },
);
const few = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant(1e6));
const loss = fc.record({ store: fc.constantFrom('*', '*', ...WORKSPACES), writes: few });

/** What happens while one configuration holds. */
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('append' as const), workspace: fc.constantFrom(...WORKSPACES), partition }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('work' as const),
      partition,
      records: fc.integer({ min: 1, max: 3 }),
      dieAt: fc.option(fc.integer({ min: 0, max: 3 }), { freq: 8 }),
      aside: fc.option(fc.integer({ min: 0, max: 2 }), { freq: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('lose' as const), stores: fc.array(loss, { minLength: 1, maxLength: 3 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('retain' as const), partition, records: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('check' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const) }) },
);

/** A few lives of the resolver, each with a configuration of its own; the same one may come again. */
const lives: fc.Arbitrary<Step[]> = fc
  .array(
    fc.tuple(fc.subarray(WORKSPACES, { minLength: 1, maxLength: 2 }), fc.array(step, { maxLength: 16, size: 'max' })),
    { minLength: 1, maxLength: 4, size: 'max' },
  )
  .map((all) => all.flatMap(([workspaces, steps]): Step[] => [{ do: 'start', workspaces }, ...steps]));

interface Life {
  readonly positions: Positions;
  readonly configured: readonly string[];
  readonly held: Held;
  readonly acknowledged: Acknowledged;
  /** What the lane has to do. */
  aside: StoredRecord[];
}

/** A resolver as it treats positions, which may be killed between any two of its writes. */
function createWorld() {
  const world = createLog();
  const state = createLossyState();
  let running: Life | null = null;
  const next = new Map<number, number>();

  async function seek(): Promise<void> {
    running!.held.forget();
    running!.acknowledged.forget();
    running!.aside = [];
    const starts = await running!.positions.startAt(PARTITIONS.map((partition) => ({ topic: TOPIC, partition })));
    for (const { partition, offset } of starts) next.set(partition, offset);
  }

  async function orRewind(task: () => Promise<void>): Promise<boolean> {
    try {
      await task();
      return true;
    } catch (error) {
      if (!(error instanceof StateLostTail || error instanceof OutOfPlace)) throw error;
      await seek();
      return false;
    }
  }

  function prove({ partition, offset }: StoredRecord): void {
    const workspace = world.records.get(partition)![offset]!;
    if (running!.configured.includes(workspace)) state.prove(workspace, `${partition}/${offset}`);
  }

  async function work({ partition, records: count, dieAt, aside }: Omit<Work, 'do'>): Promise<void> {
    if (running === null) return;
    const { positions, held, acknowledged } = running;
    const from = Math.max(next.get(partition)!, world.earliest.get(partition)!);
    const all = world.records.get(partition)!;
    if (from >= all.length) return;
    const to = Math.min(all.length, from + count);
    const records = Array.from({ length: to - from }, (_, i) => world.stored(partition, from + i));
    const batch: LogBatch = { topic: TOPIC, partition, records, highWatermark: all.length };
    const decoded = records.map((record) => ({ record, interaction: { workspace: all[record.offset]! } })) as Decoded[];
    if (!(await orRewind(() => positions.accept(batch)))) return;
    for (const [n, record] of records.entries()) {
      if (n !== aside) prove(record);
      if (dieAt === 0 && n === 0) return kill();
    }
    if (dieAt === 1) return kill();
    for (const record of records.slice(aside ?? 0, (aside ?? -1) + 1)) if (held.add(record)) running.aside.push(record);
    if (!(await orRewind(() => positions.advance([batch], decoded)))) return;
    if (dieAt === 2) return kill();
    await acknowledged.round([{ topic: TOPIC, partition, offset: to }], true);
    next.set(partition, to);
    if (dieAt === 3) kill();
  }

  /** The lane comes to an end with all that it has. */
  async function release(): Promise<void> {
    if (running === null) return;
    const { positions, held, acknowledged, aside } = running;
    for (const record of aside) prove(record);
    running.aside = [];
    if (await orRewind(() => positions.catchUp(held.release(aside)))) await acknowledged.sent();
  }

  function kill(): void {
    running = null;
  }

  async function start(configured: readonly string[]): Promise<void> {
    const held = createHeld();
    const positions = createPositions(world.log, state, configured, { heldFrom: held.first });
    const acknowledged = createAcknowledged(async (told) => {
      for (const { partition, offset } of told) world.group.set(partition, offset);
    }, held.first);
    running = { positions, configured, held, acknowledged, aside: [] };
    await seek();
  }

  return {
    state,
    next,
    ...world,
    /** The log drops its oldest records, read or not. */
    retain: (partition: number, count: number) => {
      const { earliest, records } = world;
      earliest.set(partition, Math.min(records.get(partition)!.length, earliest.get(partition)! + count));
    },
    work,
    release,
    start,
    check: async () => void (running && (await orRewind(() => running!.positions.check()))),
    isDone: () => PARTITIONS.every((partition) => next.get(partition)! >= world.records.get(partition)!.length),
  };
}

async function play(steps: readonly Step[]): Promise<ReturnType<typeof createWorld>> {
  const world = createWorld();
  for (const one of steps) {
    if (one.do === 'append') world.records.get(one.partition)!.push(one.workspace);
    else if (one.do === 'work') await world.work(one);
    else if (one.do === 'release') await world.release();
    else if (one.do === 'start') await world.start(one.workspaces);
    else if (one.do === 'check') await world.check();
    else if (one.do === 'retain') world.retain(one.partition, one.records);
    else for (const { store, writes } of one.stores) world.state.lose(store, writes);
  }
  return world;
}

/** Whatever happened before, in the end all workspaces are configured, and all that is left in the log is read. */
async function expectAllProcessed({ start, work, isDone, state, records, earliest }: Awaited<ReturnType<typeof play>>) {
  await start(WORKSPACES);
  while (!isDone()) for (const partition of PARTITIONS) await work({ partition, records: 4, dieAt: null, aside: null });
  for (const partition of PARTITIONS)
    for (const [offset, workspace] of records.get(partition)!.entries())
      if (offset >= earliest.get(partition)!) expect(state.proofs(workspace)).toContain(`${partition}/${offset}`);
}

test('whatever any store loses at any time, whatever waits in the lane, and whatever is configured when, in the end every record was processed by its workspace’s rules', async () => {
  await fc.assert(
    fc.asyncProperty(lives, async (steps) => expectAllProcessed(await play(steps))),
    { numRuns: RUNS },
  );
}, 120_000);

const start = (...workspaces: string[]): Step => ({ do: 'start', workspaces });
const append = (names: string): Step[] =>
  [...names].map((workspace) => ({ do: 'append', workspace, partition: 0 }) as const);
const work = (records: number, dieAt: number | null = null, aside: number | null = null): Step => ({
  ...{ do: 'work', partition: 0, records, dieAt, aside },
});
const release: Step = { do: 'release' };
const lose = (store: string, writes: number): Step => ({ do: 'lose', stores: [{ store, writes }] });
const ALL = Number.POSITIVE_INFINITY;

// What chance finds too seldom
test.each([
  [
    'a roster that lost its end vouches up to what is left',
    [start('a'), ...append('a'), work(1), ...append('b'), work(1), lose('*', 1)],
  ],
  [
    'a roster that lost its end while we run vouches up to what is left',
    [
      ...[start('a'), ...append('a'), work(1), ...append('b'), work(1), lose('*', 1)],
      ...[...append('a'), work(1), work(1)],
    ],
  ],
  [
    'what the lane had when we died is read again, though rounds had gone past it',
    [start('a'), ...append('aaa'), work(1), work(1, null, 0), work(1, 3)],
  ],
  [
    'what the lane had said is read again where the state lost it, though it knows of what came after',
    [start('a'), ...append('aa'), work(1, null, 0), work(1), release, lose('a', 2)],
  ],
  [
    'a roster that was lost vouches for nothing that was read before',
    [start('a'), ...append('b'), work(1), lose('*', ALL), ...append('a'), work(1), work(1)],
  ],
  [
    'what is read again is vouched for only once all of it was read',
    [
      ...[start('a'), ...append('aaaba'), work(5), lose('*', ALL), ...append('a'), work(1), work(1)],
      ...[start('a', 'c'), work(2, 2), start('a'), lose('c', ALL)],
    ],
  ],
])('%s', async (_promise, steps) => {
  await expectAllProcessed(await play(steps));
});

test('a workspace that is new in the configuration has nothing read again', async () => {
  const before = [start('a'), ...append('aaaa'), work(4)];
  expect((await play([...before, start('a', 'b')])).next.get(0)).toBe(4);
  // Its records came before its configuration did: they are processed again, now by its rules
  expect((await play([...before, ...append('b'), work(1), start('a', 'b')])).next.get(0)).toBe(0);
  // Its state was lost
  const lost = [start('a', 'b'), ...append('aab'), work(3), lose('b', ALL)];
  expect((await play([...lost, start('a', 'b')])).next.get(0)).toBe(0);
});

test('a roster that lost its end is made whole at once, and one that was lost by one reading of the log', async () => {
  const behind = [start('a'), ...append('aa'), work(1), work(1), lose('*', 1), ...append('a'), work(1)];
  expect((await play([...behind, work(1), work(1), start('a', 'b')])).next.get(0)).toBe(3);
  const lost = [start('a'), ...append('aaaa'), work(4), lose('*', ALL), ...append('a'), work(1), work(1)];
  expect((await play([...lost, start('a', 'b')])).next.get(0)).toBe(0);
  expect((await play([...lost, start('a', 'b'), work(2), work(3), start('a', 'b', 'c')])).next.get(0)).toBe(5);
});
