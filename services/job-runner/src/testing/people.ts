import type { Interaction } from '@kenal/contracts';
import { records } from '../../../kenal/src/gen/records/testing.ts';

export const WORKSPACE = 'shop';
const AT = Date.UTC(2026, 2, 1, 10) * 1_000;
const DAY = 86_400_000_000;

type Traits = Readonly<Record<string, string>>;

/** An identify of one source, owned by `type:value`. */
export function identify(source: string, owner: string, traits: Traits): Interaction {
  const [type = '', value = ''] = owner.split(/:(.*)/s);
  return {
    ...{
      id: `${source}/${owner}`,
      workspace: WORKSPACE,
      source,
      channel: 'web',
      direction: 'inbound',
      type: 'identify',
    },
    ...{ name: null, clientAt: AT, sentAt: null, receivedAt: AT, occurredAt: AT, identifiers: [{ type, value }] },
    ...{ participants: [], actor: null, accountId: null, caseId: null, conversationId: null, sessionId: null },
    ...{ userId: null, anonymousId: null, traits: JSON.stringify(traits), properties: '{}', context: '{}' },
    ...{ extra: '{}', consent: null, campaign: null, amount: null, currency: null },
    receipt: { collector: 'test', sequence: 1 },
  };
}

/** Records of people of whom each has one or more, with the usual faults; each under an anonymous id of its own. */
export function crowd(count: number): Interaction[] {
  return records({ records: count, cultures: { anglo: 1 } }).map(({ facts }, i) => {
    const { email: _mail, phone: _phone, full_name: _name, national_id: _id, ...rest } = facts;
    const traits = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ''));
    return identify(i % 2 === 0 ? 'web' : 'crm', `anonymous_id:crowd-${i}`, traits);
  });
}

const WREN: Traits = {
  ...{ given_name: 'Theodora', family_name: 'Quillfeather', birth_date: '1971-04-05', gender: 'F' },
  ...{ street_number: '12', street: 'Orchard Mews', city: 'Exeter', postcode: 'EX7 1YQ', occupation: 'bookbinder' },
};

/** Theodora as two systems have her, under identifiers that nothing ties together. */
export const THEODORA = [
  identify('web', 'anonymous_id:theodora', WREN),
  identify('crm', 'user_id:4711', {
    firstName: 'Theodora',
    lastName: 'Quillfeather',
    birthday: '05/04/1971',
    ...address(WREN),
  }),
] as const;

/** Once more, as she comes in later. */
export const THEODORA_LATER = identify('app', 'device_id:theodora-phone', { ...WREN, given_name: 'Theodra' });

/** And as she comes in while the first model is learnt. */
export const THEODORA_MEANWHILE = identify('app', 'anonymous_id:theodora-meanwhile', { ...WREN, occupation: '' });

/** Her twin sister, at home with her. */
export const TWIN = identify('web', 'anonymous_id:twin', { ...WREN, given_name: 'Philippa', occupation: 'nurse' });

/** What two sources say of one account over the years, not in order: newer words, a word taken back, another e-mail, a stale clock. */
export const TALKATIVE: readonly Interaction[] = [
  said('a', 'web', -2, { city: 'Ulm', plan: 'pro', birthday: '1990-01-02', phone: '+442079460001' }),
  said(
    'b',
    'web',
    -5,
    { city: 'Bonn', lastName: 'Stork', address: { postalCode: '53111', lines: ['x'] } },
    'old@example.org',
  ),
  said('c', 'web', -1, { birthday: null, firstName: 'Ada "A"' }, 'new@example.org'),
  said('d', 'crm', -3, { city: 'Kiel', lastName: 'Storck' }, 'old@example.org'),
  {
    ...said('e', 'web', 900, { city: 'Tomorrowville' }, 'future@example.org'),
    receivedAt: AT,
    occurredAt: AT - 4 * DAY,
  },
  { ...said('f', 'crm', 0, {}, 'tracked@example.org'), type: 'track', name: 'Opened', traits: '{"city":"a page’s"}' },
];

/** @param days from noon on */
function said(id: string, source: string, days: number, traits: object, email?: string): Interaction {
  const at = AT + days * DAY;
  const identifiers = [{ type: 'user_id', value: 'talkative' }, ...(email ? [{ type: 'email', value: email }] : [])];
  const one = identify(source, 'user_id:talkative', {});
  return { ...one, id, clientAt: at, receivedAt: at, occurredAt: at, identifiers, traits: JSON.stringify(traits) };
}

/** The same account holder twice, by all that the records say, in two accounts. */
export const TWO_ACCOUNTS = [
  identify('web', 'user_id:a1', { ...WREN, given_name: 'Barnaby', family_name: 'Ottershaw', birth_date: '1964-09-17' }),
  identify('crm', 'user_id:b2', { ...WREN, given_name: 'Barnaby', family_name: 'Ottershaw', birth_date: '1964-09-17' }),
] as const;

function address({ street_number = '', street = '', city = '', postcode = '' }: Traits): Traits {
  return { street_number, street, city, postalCode: postcode };
}
