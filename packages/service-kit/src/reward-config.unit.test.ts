import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readKenalConfig } from './kenal-config.ts';

/** Reads a workspace with these options, as kenal.yaml would have them. */
function read(options: object) {
  const path = join(mkdtempSync(join(tmpdir(), 'kenal-rewards-')), 'kenal.yaml');
  const workspace = { id: 'shop', sources: [{ id: 'web', keys: [{ key: 'env:KEY' }] }], ...options };
  writeFileSync(path, JSON.stringify({ workspaces: [workspace] }));
  return readKenalConfig(path)!.config.workspaces[0]!;
}

const LEVELS = [
  { name: 'silver', from: 100 },
  { name: 'gold', from: 500, keep: 400.5 },
];
const GOAL = { name: 'g', measure: 'net', target: 10, from: '2026-01-01', until: '2026-12-31' };
const RULE = { name: 'r', event: 'order', points: 1 };

test('tiers, goals and points of a workspace have their defaults; without them there are none', () => {
  expect(read({})).toMatchObject({ goals: [], points: [] });
  const { tiers, goals, points } = read({ tiers: { levels: LEVELS }, goals: [GOAL], points: [RULE] });
  expect(tiers).toEqual({ measure: 'net', windowMonths: 12, graceMonths: 1, levels: LEVELS });
  expect(goals).toEqual([{ ...GOAL, for: 'everybody', owner: '' }]);
  expect(points).toEqual([{ ...RULE, for: 'customer', where: {} }]);
});

const twice = (one: object): object[] => [one, one];

test.each([
  [
    'levels that do not ascend',
    { tiers: { levels: LEVELS.toReversed() } },
    /tiers\.levels\[1\]\.from: found 100; must be above that of the level before it, gold: 500/,
  ],
  [
    'a level that is harder to keep than to reach',
    { tiers: { levels: [{ name: 'gold', from: 5, keep: 6 }] } },
    /levels\[0\]\.keep: found 6; must be at most `from`, 5/,
  ],
  [
    'a level that is easier to keep than the one below',
    { tiers: { levels: [LEVELS[0], { name: 'gold', from: 500, keep: 99 }] } },
    /levels\[1\]\.keep: found 99; must not be below what keeps the level before it, silver: 100/,
  ],
  [
    'two levels of a name',
    { tiers: { levels: [LEVELS[0], { name: 'silver', from: 200 }] } },
    /levels\[1\]\.name: found "silver"; must differ from the name of every other level/,
  ],
  [
    'an amount finer than money is stored',
    { tiers: { levels: [{ name: 'gold', from: 0.1234567 }] } },
    /levels\[0\]\.from: found 0\.1234567; must have at most 6 digits/,
  ],
  [
    'a measure that is none',
    { tiers: { measure: 'nett', levels: LEVELS } },
    /tiers\.measure: found "nett"; wanted: one of net, gross, margin, orders, points, did you mean net\?/,
  ],
  [
    'tiers by points that nothing gives',
    { tiers: { measure: 'points', levels: LEVELS } },
    /tiers\.measure: found "points"; must not be points without rules in `points`/,
  ],
  [
    'a goal of a tier that is none',
    { tiers: { levels: LEVELS }, goals: [{ ...GOAL, for: { tier: 'glod' } }] },
    /goals\[0\]\.for\.tier: found "glod"; must name a level of `tiers`: silver, gold, did you mean gold\?/,
  ],
  [
    'a goal of a tier where there are none',
    { goals: [{ ...GOAL, for: { tier: 'gold' } }] },
    /goals\[0\]\.for\.tier: found "gold"; must name a level of `tiers`: the workspace has none/,
  ],
  [
    'a goal of a segment that is none',
    { goals: [{ ...GOAL, for: { segment: 'loyals' } }] },
    /for\.segment: found "loyals"; must name one of `segments`, or of mart rfm: champions, loyal, .*did you mean loyal\?/,
  ],
  [
    'a goal of two at once',
    { goals: [{ ...GOAL, for: { segment: 'loyal', account: 'a' } }] },
    /goals\[0\]\.for: found options segment, account; must name exactly one of tier, segment, account, profile/,
  ],
  [
    'a goal of nobody that there is',
    { goals: [{ ...GOAL, for: 'everyone' }] },
    /goals\[0\]\.for: found "everyone"; wanted: everybody, or one of tier, segment, account, profile/,
  ],
  [
    'a goal that ends before it begins',
    { goals: [{ ...GOAL, until: '2025-12-31' }] },
    /goals\[0\]\.until: found "2025-12-31"; must not lie before `from`, 2026-01-01/,
  ],
  [
    'a day that is none',
    { goals: [{ ...GOAL, from: '2026-02-30' }] },
    /goals\[0\]\.from: found "2026-02-30"; must be a day/,
  ],
  [
    'retention above everybody',
    { goals: [{ ...GOAL, measure: 'retention', target: 40 }] },
    /goals\[0\]\.target: found 40; must be a share for retention/,
  ],
  ['two goals of a name', { goals: twice(GOAL) }, /goals\[1\]\.name: found "g"; must differ from .* in `goals`/],
  ['two rules of a name', { points: twice(RULE) }, /points\[1\]\.name: found "r"; must differ from .* in `points`/],
  [
    'a rule that gives nothing',
    { points: [{ name: 'r', event: 'order' }] },
    /points\[0\]\.points: it is missing; must be given, or `per`/,
  ],
  [
    'a rule that gives by both',
    { points: [{ ...RULE, per: { amount: 10, points: 1 } }] },
    /points\[0\]\.points: found 1; must be left out where `per` is given/,
  ],
  [
    'a limit of a period that is none',
    { points: [{ ...RULE, max: { points: 5, per: 'quarter' } }] },
    /points\[0\]\.max\.per: found "quarter"; wanted: one of day, week, month, year/,
  ],
])('refused in a sentence that says what to do: %s', (_what, options, message) => {
  expect(() => read(options)).toThrow(message);
});
