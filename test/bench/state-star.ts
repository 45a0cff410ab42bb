import { randomUUID } from 'node:crypto';
import type { ComponentCommit, IdentityState } from '@kenal/contracts';
import { percentiles, report, shown } from './measure.ts';

const WORKSPACE = 'star';
const CENTRE = 'user_id:u-1';
const LEAVES = 100_000;
const A_COMMIT = 500;
/** Events timed at the beginning and at the end. */
const EVENTS = 2_000;

/**
 * A known user who comes with a fresh anonymous id each time: 100,000 leaves on one person.
 * Reports what one more costs with few and with all of them parked, and bytes for each.
 * @param bytes that the store takes at the moment
 */
export async function measureStar(name: string, state: IdentityState, bytes: () => Promise<number>): Promise<void> {
  const early = await timed(state, 0);
  const before = await bytes();
  for (let n = EVENTS; n < EVENTS + LEAVES; n += A_COMMIT) await park(state, n, A_COMMIT);
  const each = ((await bytes()) - before) / LEAVES;
  const late = await timed(state, EVENTS + LEAVES);
  const what = `state (${name}): one more parked leaf on a star of`;
  report({ measure: `${what} 2,000`, value: early.p50, unit: 'ms', detail: shown(early) });
  report({ measure: `${what} 100,000`, value: late.p50, unit: 'ms', detail: shown(late), must: { most: 1 } });
  const [leaf, evidence] = [leafOf(0).length, evidenceOf(0).length];
  const detail = `of which identifier ${leaf}, evidence ${evidence}; pointer and place on the shelf`;
  report({ measure: `state (${name}): bytes a parked leaf`, value: each, unit: 'B', detail });
}

async function timed(state: IdentityState, from: number) {
  const times: number[] = [];
  for (let n = 0; n < EVENTS; n += 1) {
    const start = performance.now();
    await park(state, from + n, 1);
    times.push(performance.now() - start);
  }
  return percentiles(times);
}

/** As the resolver does it: the leaves and their centre are loaded, the owner's sighting is written, the leaves are parked. */
async function park(state: IdentityState, from: number, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, i) => from + i);
  const leaves = numbers.map(leafOf);
  const loaded = await state.load(WORKSPACE, [CENTRE, ...leaves]);
  const known = loaded.pointers.get(CENTRE);
  const target = known ?? randomUUID();
  const commit: ComponentCommit = {
    target,
    expect: new Map([[target, loaded.components.get(target)?.version ?? 0]]),
    absent: known ? leaves : [CENTRE, ...leaves],
    absorb: [],
    set: new Map([[`o|${CENTRE}|web`, evidenceOf(from)]]),
    unset: [],
    point: known ? [] : [CENTRE],
    park: new Map(numbers.map((n) => [leafOf(n), { centre: CENTRE, text: evidenceOf(n) }])),
    shelve: numbers.map((n) => ({ centre: CENTRE, leaf: leafOf(n), rank: rankOf(n) })),
    issued: new Map(),
    outbox: [],
  };
  if ((await state.commit(WORKSPACE, [commit])).includes(false)) throw new Error('a lone writer lost a race');
}

const rankOf = (n: number): number => 1_764_000_000_000_000 + n * 1_000_003;
/** Looks as random as a UUID, in an order that is another than that of the times. */
const uuidOf = (n: number): string => {
  const hex = [n, n + 1, n + 2, n + 3].map((x) => (Math.imul(x, 2_654_435_761) >>> 0).toString(16).padStart(8, '0'));
  return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};
const leafOf = (n: number): string => `anonymous_id:${uuidOf(n)}`;
/** Source, first time and the id of the message: what a link keeps. */
const evidenceOf = (n: number): string => `web\t${rankOf(n)}\t${uuidOf(n + 1)}`;
