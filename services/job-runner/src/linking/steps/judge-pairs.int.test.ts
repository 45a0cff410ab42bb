import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IdentityState } from '@kenal/contracts';
import { openState } from '@kenal/state';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Doubt } from '../linkage/doubt.ts';
import { createJudgePairs, type Suspect } from './judge-pairs.ts';

const [A, B] = ['email:a@example.org', 'email:b@example.org'] as const;
const SEEN = '1|m';
const profile = (id: string, ...keys: string[]): [string, string][] => keys.map((key) => [`a|${key}`, `${id}|1`]);
const suspect = (doubt: Doubt | null): Suspect => ({
  ...{ a: { owner: A, source: 'web' }, b: { owner: B, source: 'crm' }, score: 9, probability: 0.998 },
  ...{ doubt, waterfall: [] },
});

let state: IdentityState;
beforeAll(async () => {
  state = await openState({ dataDir: await mkdtemp(join(tmpdir(), 'kenal-judge-')) });
});
afterAll(() => state?.close());

/** Components as the identity function leaves them: those in one list are stored together. */
async function judged(workspace: string, doubt: Doubt | null, isInForce: boolean, ...parts: [string, string][][]) {
  const commits = parts.map((fields, i) => ({
    ...{
      target: `c${i}`,
      expect: new Map([[`c${i}`, 0]]),
      absent: [],
      absorb: [],
      unset: [],
      issued: new Map(),
      outbox: [],
    },
    set: new Map(fields),
    point: fields.filter(([field]) => field.startsWith('a|')).map(([field]) => field.slice(2)),
  }));
  await state.commit(workspace, commits);
  const verdict = await createJudgePairs(state, async () => new Set(['bad']))(workspace, { version: 'm2', isInForce }, [
    suspect(doubt),
  ]);
  if (verdict.links.length > 0) return 'link';
  return verdict.questions[0]?.doubt ?? 'nothing';
}

const APART = [profile('p1', A), profile('p2', B)];
const SAME = (...more: [string, string][]) => [[...profile('p1', A, B, 'user_id:1'), ...more]];

test.each<[string, Doubt | null, boolean, [string, string][][], string]>([
  ['two people who are surely one', null, true, APART, 'link'],
  ['two people who are likely one', 'probability', true, APART, 'probability'],
  ['one whom nobody has any more', null, true, [profile('p1', A), [[`o|${B}|crm`, SEEN]]], 'nothing'],
  [
    'people with an account each',
    null,
    true,
    [profile('p1', A, 'user_id:1'), profile('p2', B, 'user_id:2')],
    'accounts',
  ],
  ['people of whom one has an account', null, true, [profile('p1', A, 'user_id:1'), profile('p2', B)], 'link'],
  ['a pair that was told apart', null, true, [[...APART.flat(), [`d|${A}|${B}`, '1|d|cannot']]], 'nothing'],
  ['a pair that was told one', 'twins', true, [[...APART.flat(), [`d|${A}|${B}`, '1|d|must']]], 'nothing'],
  ['a pair of which a decision was taken back', null, true, [[...APART.flat(), [`d|${A}|${B}`, '1|d|clear']]], 'link'],
  ['a link that this model made before', null, true, SAME([`w|${A}|${B}|m2`, '1|d|9%7C{}']), 'nothing'],
  ['a link that it took back', null, true, [[...APART.flat(), [`w|${A}|${B}|m2`, '1|d|-1%7C{}']]], 'link'],
  ['one profile by what came in one event', null, false, SAME([`l|${A}|${B}|web`, SEEN]), 'nothing'],
  ['one profile by what a revoked source said, too', null, false, SAME([`l|${A}|${B}|bad`, SEEN]), 'link'],
  ['one profile by the model before, sure still', null, false, SAME([`w|${A}|${B}|m1`, '1|d|9%7C{}']), 'link'],
  ['one profile by the model before, in doubt now', 'twins', false, SAME([`w|${A}|${B}|m1`, '1|d|9%7C{}']), 'twins'],
  ['one profile by other pairs of this model', 'probability', true, SAME(), 'nothing'],
])('%s', async (what, doubt, isInForce, parts, becomes) => {
  expect(await judged(what.replaceAll(' ', '-'), doubt, isInForce, ...parts)).toBe(becomes);
});
