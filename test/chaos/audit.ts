import type { Change, EventLog, Interaction } from '@kenal/contracts';
import { type Replay, replay } from '@kenal/identity';
import type { PersonTruth } from 'kenal';
import { readTopic } from '../support/read-topic.ts';
import { nameOf, type SentBook } from './sender.ts';
import type { Shop } from './shop.ts';

/** Ask SQL as an analyst does, over HTTP with the read key. */
export type Ask = <Row extends readonly unknown[]>(sql: string) => Promise<Row[]>;

export function createAsk(sqlUrl: string, shop: Shop): Ask {
  return async <Row extends readonly unknown[]>(sql: string) => {
    const answer = await fetch(`${sqlUrl}/?default_format=JSONCompactEachRow`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`test:${shop.readKey}`)}` },
      body: sql,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} ${text}\n${sql}`);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row);
  };
}

export interface AuditResult {
  readonly stored: number;
  readonly failed: number;
  readonly profiles: number;
  readonly changes: number;
  /** Empty where every promise held. */
  readonly faults: readonly string[];
}

export interface AuditInput {
  readonly shop: Shop;
  readonly ask: Ask;
  readonly log: EventLog;
  readonly book: SentBook;
  readonly truth: readonly PersonTruth[];
}

const SHOWN = 5;

/** The ledger test's questions (reliability.md), each answered with the cases at fault. */
export async function audit(input: AuditInput): Promise<AuditResult> {
  const faults: string[] = [];
  const expectNone = (promise: string, cases: readonly string[]): void => {
    if (cases.length > 0) faults.push(`${promise}: ${cases.length} cases, e.g. ${cases.slice(0, SHOWN).join(' · ')}`);
  };
  const rows = await input.ask<[string, string, string, string]>(
    'SELECT source, message_id, owner, profile_id FROM interactions',
  );
  const failed = await input.ask<[string, string]>('SELECT source, message_id FROM failed_events');
  const interactions = await readTopic<Interaction>(input.log, 'interactions');
  const changes = await readTopic<Change>(input.log, 'changes');
  const expected = replay(interactions, {
    workspace: input.shop.workspace,
    config: { types: [], limits: {}, blocked: [] },
    regionOf: () => input.shop.region,
  });
  checkStored(input.book, rows, failed, expectNone);
  checkVersions(changes, expectNone);
  checkProfiles(rows, expected, expectNone);
  await checkViews(input.ask, expected, expectNone);
  checkTruth(input.truth, expected, expectNone);
  return {
    stored: rows.length,
    failed: failed.length,
    profiles: expected.profiles.size,
    changes: changes.length,
    faults,
  };
}

type ExpectNone = (promise: string, cases: readonly string[]) => void;
type Row = readonly [source: string, messageId: string, owner: string, profileId: string];

function checkStored(
  book: SentBook,
  rows: readonly Row[],
  failed: readonly (readonly [string, string])[],
  expectNone: ExpectNone,
): void {
  const names = rows.map(([source, messageId]) => nameOf(source, messageId));
  const stored = new Set(names);
  const refused = new Set(failed.map(([source, messageId]) => nameOf(source, messageId)));
  expectNone(
    'acknowledged and lost',
    [...book.acknowledged].filter((name) => !stored.has(name) && !refused.has(name)),
  );
  expectNone(
    'stored and never sent',
    [...stored].filter((name) => !book.sent.has(name)),
  );
  expectNone(
    'refused, but not among the failed events',
    [...book.refused.keys()].filter((name) => !refused.has(name)),
  );
  expectNone(
    'visible duplicates',
    names.length === stored.size ? [] : names.filter((name, index) => names.indexOf(name) !== index),
  );
}

// Kafka may repeat a version, never show a new one late, and a version never has two contents.
function checkVersions(changes: readonly Change[], expectNone: ExpectNone): void {
  const last = new Map<string, number>();
  const contents = new Map<string, string>();
  const late: string[] = [];
  const differing: string[] = [];
  for (const change of changes) {
    const content = JSON.stringify([change.type, change.after]);
    const known = contents.get(change.id);
    if (known !== undefined) {
      if (known !== content) differing.push(change.id);
      continue;
    }
    contents.set(change.id, content);
    if (change.version <= (last.get(change.profileId) ?? 0)) late.push(change.id);
    else last.set(change.profileId, change.version);
  }
  expectNone('versions out of order in the change feed', late);
  expectNone('versions with two contents', differing);
}

function checkProfiles(rows: readonly Row[], expected: Replay, expectNone: ExpectNone): void {
  expectNone(
    'interactions in another profile than a pure replay gives',
    rows
      .filter(([, , owner, profileId]) => (expected.profileByKey.get(owner) ?? '') !== profileId)
      .map(([source, messageId, owner, profileId]) => `${source} ${messageId} ${owner} ${profileId}`),
  );
}

async function checkViews(ask: Ask, expected: Replay, expectNone: ExpectNone): Promise<void> {
  const identifiers = await ask<[string, string, string]>('SELECT type, value, profile_id FROM profile_identifiers');
  const actual = new Set(identifiers.map((row) => row.join(' ')));
  const wanted = new Set<string>();
  for (const [id, view] of expected.profiles)
    for (const { type, value } of view.identifiers) wanted.add(`${type} ${value} ${id}`);
  expectNone(
    'identifiers missing from the view',
    [...wanted].filter((line) => !actual.has(line)),
  );
  expectNone(
    'identifiers too many in the view',
    [...actual].filter((line) => !wanted.has(line)),
  );
  const profiles = await ask<[string, string]>('SELECT profile_id, toString(traits) FROM profiles');
  const shown = new Map(profiles);
  expectNone(
    'profiles missing from the view',
    [...expected.profiles.keys()].filter((id) => !shown.has(id)),
  );
  expectNone(
    'profiles too many in the view',
    [...shown.keys()].filter((id) => !expected.profiles.has(id)),
  );
  expectNone('profiles shown twice', profiles.length === shown.size ? [] : [`${profiles.length - shown.size}`]);
  expectNone(
    'profiles with other traits than a pure replay gives',
    [...expected.profiles]
      .filter(([id, view]) => sorted(JSON.parse(shown.get(id) ?? '{}')) !== sorted(view.traits))
      .map(([id]) => id),
  );
}

function checkTruth(truth: readonly PersonTruth[], expected: Replay, expectNone: ExpectNone): void {
  const owner = new Map<string, PersonTruth>();
  const torn: string[] = [];
  const mixed: string[] = [];
  for (const person of truth) {
    const profiles = new Set(person.identifiers.map((key) => expected.profileByKey.get(key) ?? 'none'));
    if (profiles.size > 1) torn.push(describeTorn(person, expected));
    for (const profile of profiles) {
      const other = owner.get(profile);
      if (profile !== 'none' && other !== undefined && !shareDevice(other, person)) {
        mixed.push(`${other.person} and ${person.person}`);
      }
      owner.set(profile, person);
    }
  }
  expectNone('true persons torn apart', torn);
  expectNone('true persons mixed up', mixed);
}

// Two people on one tablet, of whom one never signs in, are one to limits alone: only a hub cut tells them apart.
function shareDevice(a: PersonTruth, b: PersonTruth): boolean {
  return a.shared.some((key) => b.shared.includes(key));
}

function describeTorn({ person, identifiers }: PersonTruth, expected: Replay): string {
  const known = identifiers.map((key) => `${key} → ${expected.profileByKey.get(key) ?? 'none'}`);
  const rejected = expected.rejected.filter(({ a, b }) => identifiers.includes(a) || identifiers.includes(b));
  return `${person} ${known.join(', ')} ${JSON.stringify(rejected)}`;
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
