import type { Interaction } from '@kenal/contracts';
import { rulesOf } from '@kenal/identity';
import { erasureHash } from '@kenal/service-kit';
import { crowd } from './crowd.ts';
import { directiveOf, pairOf } from './decisions.ts';
import { CONFIG, ERASURE_KEY, interactionOf } from './people.ts';

export const SHOP = 'shop';
const { identity, traits } = CONFIG.workspaces[0]!;
export const RULES = rulesOf(identity, SHOP, { traits });

const GONE = ['user_id:gone', 'email:gone@x.example'];
const gone = (id: string, at: number): Interaction =>
  interactionOf(
    id,
    'web',
    GONE.map((key) => ({ type: key.split(':')[0]!, value: key.split(':')[1]! })),
    at,
    '{"name":"Canary"}',
  );
const BEFORE = Date.UTC(2026, 2, 1) * 1_000;
const AFTER = Date.UTC(2026, 10, 1) * 1_000;

const EVENTS = crowd(31, 1_500);
const CUT = Math.floor(EVENTS.length * 0.8);
/** A shop's customers, and somebody who will be erased. */
export const FIRST = [gone('gone1', BEFORE), ...EVENTS.slice(0, CUT), gone('gone2', BEFORE + 1)];
/** What comes after {@link DIRECTIVES}: of the erased one also what happened before, and one thing since. */
export const REST = [...EVENTS.slice(CUT), gone('gone3', BEFORE + 2), gone('gone4', AFTER)];

/** One of each kind, some on people who are parked or at a hub. */
export const DIRECTIVES = [
  directiveOf(1, 'unlink', pairOf('user_id:u1', 'anonymous_id:fresh1', 'cannot')),
  directiveOf(2, 'must', pairOf('anonymous_id:n3-1', 'anonymous_id:n7-2', 'must')),
  directiveOf(3, 'must', pairOf('user_id:u2', 'device_id:tablet0', 'must')),
  directiveOf(4, 'revoke', pairOf('user_id:u0', 'anonymous_id:shop20', 'revoke')),
  directiveOf(5, 'consent', { consent: { owner: 'user_id:u3', purpose: 'news', granted: true } }),
  directiveOf(6, 'revoke', { source: 'app' }),
  directiveOf(7, 'unlink', pairOf('anonymous_id:nobody-knows', 'email:unknown@x.example', 'cannot')),
  directiveOf(8, 'erase', {
    profileId: RULES.profileIdOf('user_id:gone'),
    erased: GONE.map((key) => erasureHash(ERASURE_KEY, key)),
  }),
];
