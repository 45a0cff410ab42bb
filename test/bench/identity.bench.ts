import type { Interaction } from '@kenal/contracts';
import {
  createNormaliser,
  decide,
  decodeComponent,
  evidenceOf,
  groupEvidence,
  type InteractionEvidence,
  profileOf,
  rulesOf,
} from '@kenal/identity';
import { createPlainState } from './identity-state.ts';
import { plain, report } from './measure.ts';

/**
 * What deciding costs, without any I/O: `node test/bench/identity.bench.ts [events]`.
 * State is a Map; the events are of known and new people on several devices, a third of them identifies with four traits.
 */
const events = Number(process.argv[2] ?? 200_000);
const BATCH = 1_000;
const PEOPLE = Math.floor(events / 20);
const config = { types: [], limits: {}, blocked: [] };
const rules = rulesOf(config, 'bench');
const normalise = createNormaliser(config, 'US');

let seed = 7;
const random = (): number => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
  return seed / 0x7fffffff;
};

function event(i: number): Interaction {
  const person = Math.floor(random() * PEOPLE);
  const identifiers = [{ type: 'anonymous_id', value: `anonymous-${person}-${Math.floor(random() * 3)}` }];
  if (random() < 0.6) identifiers.push({ type: 'user_id', value: `user-${person}` });
  if (random() < 0.3) identifiers.push({ type: 'email', value: `person.${person}@gmail.com` });
  if (random() < 0.1) identifiers.push({ type: 'phone', value: `+1 201 ${String(2_000_000 + (person % 7_000_000))}` });
  const identify = random() < 0.33;
  const traits = `{"name":"Person ${person}","city":"City ${i % 50}","plan":"free","visits":${i}}`;
  return {
    id: `message-${i}`,
    source: 'web',
    type: identify ? 'identify' : 'track',
    clientAt: 1_760_000_000_000_000 + i * 1_000,
    receivedAt: 1_760_000_000_000_000 + i * 1_000,
    occurredAt: 1_760_000_000_000_000 + i * 1_000,
    identifiers,
    traits: identify ? traits : '{}',
  } as Interaction;
}

const interactions = Array.from({ length: events }, (_, i) => event(i));
const { load, apply, pointers, components } = createPlainState();
const spent = { normalise: 0, decide: 0 };
let slowest = 0;
let ids = 0;
const newComponent = (): string => `c${ids++}`;
let changes = 0;

for (let at = 0; at < events; at += BATCH) {
  const began = performance.now();
  const evidence: InteractionEvidence[] = [];
  for (const one of interactions.slice(at, at + BATCH)) {
    const part = evidenceOf(one, normalise(one.identifiers));
    if (part !== null) evidence.push(part);
  }
  spent.normalise += performance.now() - began;
  let last = performance.now();
  const loaded = load(evidence.flatMap(({ keys }) => keys));
  last = performance.now();
  const parts = groupEvidence(evidence, loaded, (one) => one);
  spent.decide += performance.now() - last;
  for (const part of parts) {
    last = performance.now();
    const { commits } = decide({ rules, now: at + 1, newComponent, loaded, evidence: part });
    const took = performance.now() - last;
    spent.decide += took;
    slowest = Math.max(slowest, took);
    for (const { commit, changes: made } of commits) {
      changes += made.length;
      apply(commit);
    }
  }
}

let bytes = 0;
for (const { fields } of components.values()) for (const [field, text] of fields) bytes += field.length + text.length;
const view = performance.now();
for (const key of [...pointers.keys()].slice(0, 10_000))
  profileOf(decodeComponent(components.get(pointers.get(key)!)!.fields), rules, key);
const viewMicros = ((performance.now() - view) * 1_000) / Math.min(10_000, pointers.size);
const unit = 'core-µs/event';
report({ measure: 'identity: normalise', value: (spent.normalise * 1_000) / events, unit });
report({
  ...{ measure: 'identity: decide', value: (spent.decide * 1_000) / events, unit },
  detail: `${plain(events)} events, ${plain(pointers.size)} identifiers, ${plain(components.size)} components, ${plain(changes)} changes, slowest decision ${plain(slowest)} ms, ${plain(bytes / pointers.size)} bytes of state an identifier`,
});
report({ measure: 'identity: view of a profile', value: viewMicros, unit: 'µs' });
