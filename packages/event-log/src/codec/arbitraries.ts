import {
  ACTOR_KINDS,
  CHANGE_TYPES,
  CHANNELS,
  COMPUTED_KINDS,
  DIRECTIONS,
  DIRECTIVE_KINDS,
  FAILURE_STAGES,
  INTERACTION_TYPES,
  PAIR_VERBS,
  PARTICIPANT_ROLES,
  RECORD_KINDS,
  type SchemaName,
  SETTING_KINDS,
} from '@kenal/contracts';
import fc from 'fast-check';

// Values of each topic, as wide as the zod shapes of contracts allow: any well-formed text, any safe whole number.
const text = fc.string({ unit: 'binary' });
const filled = fc.string({ unit: 'binary', minLength: 1, maxLength: 100 });
// What the codec carries exactly (guard.ts); a time of −2^52 µs is the year 1827.
const whole = fc.integer({ min: -(2 ** 52), max: 2 ** 53 - 2 });
const int32 = fc.integer();
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const json = fc.object().map((value) => JSON.stringify(value));

const identifier = fc.record({ type: fc.stringMatching(/^[a-z][a-z_]{0,20}$/), value: filled });
const identifiers = fc.array(identifier, { maxLength: 5 });
const receipt = fc.record({ collector: filled, sequence: fc.integer({ min: 1, max: 2 ** 53 - 2 }) });
const campaign = fc.record({
  id: maybe(text),
  name: maybe(text),
  source: maybe(text),
  medium: maybe(text),
  term: maybe(text),
  content: maybe(text),
});
const actor = fc.record({ kind: fc.constantFrom(...ACTOR_KINDS), id: text, team: maybe(text) });
const participant = fc.record({ role: fc.constantFrom(...PARTICIPANT_ROLES), identifiers });

const interaction = fc.record({
  id: filled,
  workspace: filled,
  source: filled,
  channel: fc.constantFrom(...CHANNELS),
  direction: fc.constantFrom(...DIRECTIONS),
  type: fc.constantFrom(...INTERACTION_TYPES),
  name: maybe(text),
  clientAt: maybe(whole),
  sentAt: maybe(whole),
  receivedAt: whole,
  occurredAt: whole,
  identifiers,
  participants: fc.array(participant, { maxLength: 3 }),
  actor: maybe(actor),
  accountId: maybe(text),
  caseId: maybe(text),
  conversationId: maybe(text),
  sessionId: maybe(text),
  userId: maybe(text),
  anonymousId: maybe(text),
  traits: json,
  properties: json,
  context: json,
  extra: json,
  consent: maybe(fc.dictionary(text, fc.boolean(), { maxKeys: 4, noNullPrototype: true })),
  campaign: maybe(campaign),
  amount: maybe(fc.stringMatching(/^-?\d{1,32}(\.\d{1,6})?$/)),
  currency: maybe(text),
  receipt,
});

const content = fc.record({ traits: json, identifiers, identifierCount: int32, consent: json, computed: json });
const assignment = fc.record({ type: text, value: text, key: text, from: text });

const pair = fc.record({
  a: fc.string({ unit: 'binary', minLength: 3, maxLength: 100 }),
  b: fc.string({ unit: 'binary', minLength: 3, maxLength: 100 }),
  verb: fc.constantFrom(...PAIR_VERBS),
  weight: maybe(fc.double({ noNaN: true, noDefaultInfinity: true })),
  detail: text,
});

/** For each schema, values that must survive the log unchanged. */
export const VALUES: Readonly<Record<SchemaName, fc.Arbitrary<object>>> = {
  interaction,
  resolved: fc.record({
    interaction,
    identifiers,
    owner: text,
    profileId: text,
    version: whole,
    logTopic: text,
    logPartition: int32,
    logOffset: whole,
    resolvedAt: whole,
  }),
  failed: fc.record({
    failureId: filled,
    workspace: text,
    source: text,
    messageId: text,
    receivedAt: whole,
    failedAt: whole,
    stage: fc.constantFrom(...FAILURE_STAGES),
    code: text,
    path: text,
    reason: text,
    body: fc.uint8Array({ maxLength: 2_000 }),
    contentType: text,
    receipt: maybe(receipt),
    frame: text,
    change: maybe(
      fc.record({ state: fc.constantFrom('fixed', 'replayed', 'dismissed'), at: whole, actor: text, note: text }),
    ),
  }),
  change: fc.record({
    id: text,
    type: fc.constantFrom(...CHANGE_TYPES),
    workspace: text,
    profileId: text,
    version: whole,
    previousVersion: whole,
    occurredAt: whole,
    before: maybe(content),
    after: maybe(content),
    changed: fc.array(text, { maxLength: 4 }),
    assigned: fc.array(assignment, { maxLength: 4 }),
    cause: fc.record({ messageId: text, source: text, rule: text }),
    mergedInto: maybe(text),
    mergedFrom: fc.array(text, { maxLength: 4 }),
    splitInto: fc.array(text, { maxLength: 4 }),
    released: fc.array(text, { maxLength: 4 }),
  }),
  directive: fc.record({
    id: filled,
    workspace: filled,
    issuedAt: whole,
    actor: text,
    reason: text,
    kind: fc.constantFrom(...Object.values(DIRECTIVE_KINDS)),
    pairs: fc.array(pair, { maxLength: 4 }),
    source: maybe(text),
    profileId: maybe(text),
    erased: fc.array(text, { maxLength: 4 }),
    consent: maybe(fc.record({ owner: text, purpose: filled, granted: fc.boolean() })),
    document: maybe(json),
    base: maybe(text),
    model: maybe(text),
  }),
  computed: fc.record({
    ...{ workspace: text, profileId: text, name: filled, value: maybe(json), kind: fc.constantFrom(...COMPUTED_KINDS) },
    ...{ computedAt: whole, fitId: text, reason: text },
  }),
  action: fc.record({
    ...{ id: filled, workspace: filled, rule: filled, profileId: filled, occurrence: filled },
    ...{ purpose: filled, action: json, detail: json, decidedAt: whole },
  }),
  read: fc.record({
    ...{ id: filled, workspace: filled, at: whole, reader: text, action: text, profileId: text },
    fields: fc.array(text, { maxLength: 4 }),
  }),
  setting: fc.record({
    ...{ id: filled, workspace: filled, kind: fc.constantFrom(...Object.values(SETTING_KINDS)), name: filled },
    ...{ issuedAt: whole, actor: text, document: maybe(json), previous: maybe(text) },
  }),
  record: fc.record({
    ...{ workspace: text, source: text, kind: fc.constantFrom(...RECORD_KINDS), id: filled },
    ...{ validFrom: maybe(whole), validTo: maybe(whole), values: json, receivedAt: whole, recordedAt: whole },
    receipt: maybe(receipt),
  }),
  'receipt-count': fc.record({
    collector: text,
    workspace: text,
    source: text,
    minute: whole,
    received: whole,
    acknowledged: whole,
    countedAt: whole,
  }),
};
