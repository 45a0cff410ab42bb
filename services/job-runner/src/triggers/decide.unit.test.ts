import { type TriggerRule, triggerFaults, triggersSchema } from '@kenal/contracts';
import { expect, it } from 'vitest';
import { type Candidate, type DecideInput, decideActions, type Verdict } from './decide.ts';

const ruleOf = (fields: object = {}): TriggerRule =>
  triggersSchema.parse({ rules: [{ name: 'refill', when: { lapsed: {} }, holdOut: 0, ...fields }] }).rules[0]!;
const candidate = (fields: Partial<Candidate> = {}): Candidate => ({
  ...{ profileId: 'p1', occurrence: '1', consent: { marketing: true }, isNever: false, contacts: 0 },
  ...{ before: { state: '', reason: '', ver: 0 }, detail: {}, ...fields },
});
const decide = (candidates: readonly Candidate[], more: Partial<DecideInput> = {}): Verdict[] => {
  const input = { workspace: 'w', rule: ruleOf(), most: 3, candidates, ...more };
  return decideActions(input).map(({ verdict }) => verdict);
};
const one = (fields: Partial<Candidate>, rule: object = {}): string => {
  const [{ state, reason }] = decide([candidate(fields)], { rule: ruleOf(rule) }) as [Verdict];
  return reason === '' ? state : `${state}: ${reason}`;
};

it('contacts whom consent, caps and never-target rules allow, and names what forbids it', () => {
  expect(one({})).toBe('sent');
  expect(one({ consent: {} })).toBe('suppressed: consent');
  expect(one({ consent: { marketing: false } })).toBe('suppressed: consent');
  expect(one({ consent: {} }, { consent: 'opt_out' })).toBe('sent');
  expect(one({ consent: { marketing: false } }, { consent: 'opt_out' })).toBe('suppressed: consent');
  expect(one({ consent: { care: true } }, { purpose: 'care' })).toBe('sent');
  expect(one({ consent: { marketing: true, contact: false } })).toBe('suppressed: no_contact');
  expect(one({ consent: { contact: false } }, { consent: 'opt_out' })).toBe('suppressed: no_contact');
  expect(one({ isNever: true })).toBe('suppressed: never_target');
  expect(one({ contacts: 3 })).toBe('suppressed: cap');
  expect(one({ contacts: 2 })).toBe('sent');
});

it('counts what it decides toward the cap, held out ones too', () => {
  const three = ['1', '2', '3'].map((occurrence) => candidate({ occurrence }));
  const first = decide(three, { most: 2 });
  expect(first.map(({ state }) => state)).toEqual(['sent', 'sent', 'suppressed']);
  const rule = ruleOf({ holdOut: 0.5 });
  const many = Array.from({ length: 40 }, (_, i) => candidate({ profileId: `p${i % 20}`, occurrence: `${i}` }));
  const verdicts = decide(many, { most: 1, rule });
  expect(verdicts.filter(({ reason }) => reason === 'cap')).toHaveLength(20);
});

it('holds out the same people whenever it is asked, about as many as it should, others for another rule', () => {
  const people = Array.from({ length: 4_000 }, (_, i) => candidate({ profileId: `person ${i}` }));
  const held = (name: string): number[] =>
    decide(people, { rule: ruleOf({ name, holdOut: 0.2 }) }).flatMap(({ state }, i) =>
      state === 'held_out' ? [i] : [],
    );
  const refill = held('refill');
  expect(refill).toEqual(held('refill'));
  // 800 expected, standard deviation 25
  expect(Math.abs(refill.length - 800)).toBeLessThan(100);
  const birthday = new Set(held('birthday'));
  expect(Math.abs(refill.filter((i) => birthday.has(i)).length - 160)).toBeLessThan(60);
  // Who may not be contacted is in neither group
  const refused = people.map((person) => ({ ...person, consent: {} }));
  expect(decide(refused, { rule: ruleOf({ holdOut: 0.5 }) }).every(({ state }) => state === 'suppressed')).toBe(true);
});

it('refuses rules that cannot be meant', () => {
  const faultOf = (triggers: object): string => {
    const parsed = triggersSchema.safeParse(triggers);
    return parsed.success
      ? ''
      : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
  };
  const rule = (fields: object): object => ({ rules: [{ name: 'r', when: { lapsed: {} }, ...fields }] });
  expect(faultOf(rule({}))).toBe('');
  expect(faultOf(rule({ when: {} }))).toMatch(/^rules\.0\.when must name exactly one signal: replenishmentDue, /);
  expect(faultOf(rule({ when: { lapsed: {}, birthday: {} } }))).toMatch(/must name exactly one signal/);
  expect(faultOf(rule({ when: { nothing: {} } }))).toMatch(/nothing/);
  expect(faultOf(rule({ holdOut: 0.9 }))).toMatch(/holdOut/);
  expect(faultOf({ quietHours: { from: '25:00', until: '08:00' } })).toMatch(/must be a time of day such as 20:00/);
  const triggers = triggersSchema.parse({
    neverTarget: ['gone'],
    ...rule({ when: { segmentEntered: { segment: 'vip' } } }),
  });
  expect(
    triggerFaults(triggers, { segments: { vip: {} } }).map(({ path, message }) => `${path.join('.')} ${message}`),
  ).toEqual(['triggers.neverTarget.0 must name one of `segments`: vip']);
  expect(triggerFaults(triggers, { segments: {} })[1]!.message).toBe(
    'must name one of `segments`: the workspace has none',
  );
  const tiered = triggersSchema.parse(rule({ when: { tierChange: {} } }));
  expect(triggerFaults(tiered, { segments: {}, tiers: {} })).toEqual([]);
  expect(triggerFaults(tiered, { segments: {} })[0]!.message).toBe('must wait until the workspace has `tiers`');
  const quietHours = { from: '21:30', until: '08:00' };
  const paged = (withinHours: number): object => rule({ when: { event: { name: 'Paged', withinHours } } });
  expect(faultOf({ quietHours, ...paged(13) })).toBe('');
  expect(faultOf(paged(1))).toBe('');
  expect(faultOf({ quietHours, ...paged(12) })).toBe(
    'rules.0.when.event.withinHours must be at least 13: quietHours are 10.5 hours, and what happens at their beginning is still to count after them',
  );
  const entered = rule({ when: { segmentEntered: { segment: 'vip', withinHours: 10 } } });
  expect(faultOf({ quietHours, ...entered })).toMatch(/segmentEntered.withinHours must be at least 13/);
  const twice = { name: 'r', when: { lapsed: {} } };
  expect(faultOf({ rules: [twice, twice] })).toBe('rules.1.name must differ from every other rule');
});
