import type { Interaction } from '@kenal/contracts';
import { generate, interactionOf } from './people.ts';

const HOUR = 3_600_000_000;
const START = Date.UTC(2026, 1, 1) * 1_000;
const user = (n: number | string) => ({ type: 'user_id', value: `u${n}` });
const anonymous = (value: string) => ({ type: 'anonymous_id', value });

/**
 * The people of `generate`, and what makes a state hard to make again: shop tablets and mailboxes that many share, clients
 * that give a new anonymous id with every event, events without a time of their own in several copies, traits that a
 * warehouse cannot read as they are, consent, and people who are told apart by name and birth date only.
 */
export function crowd(seed: number, count: number): Interaction[] {
  const more: Interaction[] = [];
  const add = (
    kind: string,
    n: number,
    identifiers: Interaction['identifiers'],
    traits: string | null = null,
    more_: Partial<Interaction> = {},
  ): void => {
    const source = ['web', 'till', 'app'][n % 3]!;
    more.push({ ...interactionOf(`${kind}${n}`, source, identifiers, START + n * HOUR, traits), ...more_ });
  };
  for (let n = 0; n < 60; n += 1) {
    add('tablet', n, [user(n % 20), { type: 'device_id', value: `tablet${n % 2}` }, anonymous(`shop${n}`)]);
    add('mailbox', n, [user(n % 30), { type: 'email', value: 'Reception@hotel.example' }]);
    add('guest', n, [{ type: 'email', value: 'reception@hotel.example' }, anonymous(`lobby${n % 9}`)]);
    add('fresh', n, [user(n % 2), anonymous(`fresh${n}`)]);
    add('fresher', n, [{ type: 'email', value: 'nobody-logs-in@x.example' }, anonymous(`fresher${n}`)], `{"n":${n}}`);
    add('again', n, [anonymous(`fresh${n % 40}`)]);
    add(
      'family',
      n,
      [{ type: 'phone', value: '+12015550199' }],
      `{"given_name":"G${n % 8}","birth_date":"1980-0${1 + (n % 8)}-01"}`,
    );
    add('odd', n, [user(n)], `{"big":1234567890123456789${n}0123,"cut":"\\ud83d ${n}","plain":${n}}`);
    add('agree', n, [user(n % 15)], null, { consent: { news: n % 3 === 0, calls: n % 2 === 0 } });
    for (const copy of [0, 1, 2])
      add('timeless', n, [user(n % 12), anonymous(`timeless${n % 5}`)], `{"copy":"same","of":${n % 4}}`, {
        ...{ clientAt: null, receivedAt: START + ((n * 37) % 60) * HOUR + ((copy * 5 + n) % 7) * HOUR },
        ...{ occurredAt: START + ((n * 37) % 60) * HOUR + ((copy * 5 + n) % 7) * HOUR },
      });
  }
  return spread(generate(seed, count), more);
}

/** Both lists, each in its order, one among the other. */
function spread(one: readonly Interaction[], other: readonly Interaction[]): Interaction[] {
  const mixed: Interaction[] = [];
  let next = 0;
  one.forEach((event, i) => {
    mixed.push(event);
    for (; next < ((i + 1) / one.length) * other.length; next += 1) mixed.push(other[(next * 7) % other.length]!);
  });
  return mixed.map((event, i) => ({ ...event, receipt: { collector: 'test', sequence: i + 1 } }));
}
