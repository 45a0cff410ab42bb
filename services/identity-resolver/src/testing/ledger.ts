import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Change,
  changeTopicOf,
  type EventLog,
  GROUPS,
  type IdentityState,
  type Interaction,
  type Resolved,
  TOPICS,
} from '@kenal/contracts';
import { createCodec, createTopicWriter, topicSpecs } from '@kenal/event-log';
import { decodeComponent, profileOf, replay, rulesOf } from '@kenal/identity';
import { expect } from 'vitest';
import { readRecords, readTopic } from '../../../../test/support/read-topic.ts';
import { CONFIG } from './people.ts';

/**
 * Append interactions as a collector does, in requests of a hundred.
 * @param key of all of them, where they are to be in one partition
 */
export async function feed(log: EventLog, interactions: readonly Interaction[], key?: string): Promise<void> {
  await log.ensureTopics(topicSpecs(30));
  const writer = createTopicWriter<Interaction>(log, 'interactions');
  for (let i = 0; i < interactions.length; i += 100)
    await writer.append(
      interactions.slice(i, i + 100).map((value) => ({ key: key ?? `shop/${value.identifiers[0]?.value}`, value })),
    );
}

/** Resolves when the resolvers' group has acknowledged all that is in the log. */
export async function drained(log: EventLog, seconds = 60): Promise<void> {
  const topic = TOPICS.interactions.name;
  for (let left = seconds * 20; ; left -= 1) {
    // A broker that has just started does not know yet who coordinates the group
    const standing = await log.committed(GROUPS.resolver, [topic]).catch(() => []);
    const committed = new Map(standing.map((one) => [one.partition, one.offset]));
    const ranges = await log.ranges(topic);
    if (ranges.every(({ partition, latest }) => (committed.get(partition) ?? 0) >= latest)) return;
    if (left === 0) throw new Error(`not drained: ${JSON.stringify([...committed])} of ${JSON.stringify(ranges)}`);
    await sleep(50);
  }
}

/** Hold what the resolver left, in the state and in both topics, against a pure replay of the same interactions. */
export async function expectLedger(log: EventLog, state: IdentityState, sent: readonly Interaction[]): Promise<void> {
  const { id, identity, traits } = CONFIG.workspaces[0]!;
  const truth = replay(sent, { workspace: id, config: identity, traits, regionOf: () => 'US' });
  await expectState(state, truth);
  const changes = await readTopic<Change>(log, 'changes');
  const moves = expectFeed(changes, truth);
  // The workspace's own topic promises the same, and has no more than the one of all
  const { decode } = createCodec<Change>('change');
  const own = (await readRecords(log, changeTopicOf(id))).map(({ value }) => decode(value));
  expect(expectFeed(own, truth)).toEqual(moves);
  expect(new Set(own.map((change) => change.id))).toEqual(new Set(changes.map((change) => change.id)));
  const rows = await readTopic<Resolved>(log, 'resolved');
  expectRows(rows, moves, sent, truth);
}

type Truth = ReturnType<typeof replay>;

async function expectState(state: IdentityState, truth: Truth): Promise<void> {
  const { id, identity, traits } = CONFIG.workspaces[0]!;
  const rules = rulesOf(identity, id, { traits });
  const loaded = await state.load(id, [...truth.profileByKey.keys()]);
  for (const [key, profileId] of truth.profileByKey) {
    const component = loaded.components.get(loaded.pointers.get(key) ?? '');
    const view = component === undefined ? null : profileOf(decodeComponent(component.fields), rules, key);
    expect({ ...view, version: 0 }).toEqual({ ...truth.profiles.get(profileId), version: 0 });
  }
}

/** @returns for each owner that was moved, its last profile with the version of the move */
function expectFeed(changes: readonly Change[], truth: Truth): Map<string, { profileId: string; version: number }> {
  const seen = new Map<string, number>();
  const last = new Map<string, Change>();
  const contents = new Map<string, string>();
  const moves = new Map<string, { profileId: string; version: number }>();
  for (const change of changes) {
    const content = JSON.stringify(change.after);
    expect(contents.get(change.id) ?? content).toBe(content); // a version has one content, flush or not
    contents.set(change.id, content);
    for (const { key, from } of change.assigned) {
      const known = moves.get(key)?.version ?? 0;
      if (from !== '' && change.version > known) moves.set(key, change);
    }
    if (change.version <= (seen.get(change.profileId) ?? 0)) continue; // a repeat
    seen.set(change.profileId, change.version);
    last.set(change.profileId, change);
  }
  for (const [profileId, view] of truth.profiles) {
    const after = last.get(profileId)?.after;
    expect(JSON.parse(after?.traits ?? 'null')).toEqual(view.traits);
    expect(after?.identifiers).toEqual(view.identifiers.map(({ type, value }) => ({ type, value })));
  }
  for (const [profileId, change] of last)
    if (!truth.profiles.has(profileId)) expect(change).toMatchObject(goneAs(change));
  return moves;
}

/** Part of somebody else now; where the state was lost and nobody has its anchor now, gone. */
function goneAs({ type }: Change): Partial<Change> {
  if (type !== 'erased') return { type: 'merged', after: null };
  return { after: null, mergedInto: null, assigned: [], cause: expect.objectContaining({ rule: 'recovery' }) };
}

/** Every interaction is there, and with overrides (wire.md) each row names the profile that its owner has today. */
function expectRows(
  rows: readonly Resolved[],
  moves: ReadonlyMap<string, { profileId: string; version: number }>,
  sent: readonly Interaction[],
  truth: Truth,
): void {
  const newest = new Map<string, Resolved>();
  for (const row of rows) {
    const name = `${row.interaction.source}/${row.interaction.id}`;
    if (row.version >= (newest.get(name)?.version ?? 0)) newest.set(name, row);
  }
  expect([...newest.keys()].sort()).toEqual([...new Set(sent.map(({ source, id }) => `${source}/${id}`))].sort());
  for (const row of newest.values()) {
    const override = moves.get(row.owner);
    const shown = override !== undefined && override.version > row.version ? override.profileId : row.profileId;
    expect(shown).toBe(row.owner === '' ? '' : truth.profileByKey.get(row.owner));
  }
}
