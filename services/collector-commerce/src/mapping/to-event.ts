import {
  type Delivery,
  type JsonRecord,
  type KenalEvent,
  type Outcome,
  refused,
  type Source,
} from '@kenal/collector-kit';
import { ACTOR_KINDS, CHANNELS, DIRECTIONS, type JsonValue } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { textOf } from './converters.ts';
import { identifierFields, isOwn, mustBeRead, NAMING_TRAITS, namesOf } from './identifiers.ts';
import { readPath } from './path.ts';
import { inWords, type ValueReader, type ValueReaders } from './values.ts';
import type { ValueSpec, WebhookRule } from './webhook-file.ts';

/** One rule of a mapping, ready to be used. */
export interface EventRule {
  /** Whether its conditions hold. */
  holds(part: unknown, delivery: Delivery): boolean;
  /** @param id of the message, where the rule reads none */
  event(part: unknown, delivery: Delivery, id: string): Outcome<KenalEvent>;
}

interface Field {
  /** Where it goes, such as `context.kenal.caseId`. */
  readonly to: readonly string[];
  readonly read: ValueReader;
}

/** @throws KenalError `bad_config` naming file and place */
export function createEventRule(
  rule: WebhookRule,
  readers: ValueReaders,
  source: Source,
  file: string,
  at: string,
): EventRule {
  const type = rule.type ?? (rule.event === undefined ? 'identify' : 'track');
  if (type === 'track' && rule.event === undefined)
    throw new KenalError('bad_config', `${file}: ${at}event: a track has a name`);
  const conditions = Object.entries(rule.when ?? {}).map(([text, wanted]) => {
    const path = readers.path(text, `${at}when`);
    const holds = conditionOf(wanted);
    return (part: unknown, { headers }: Delivery): boolean => holds(readPath(path, part, headers));
  });
  const identifiers = identifierFields(rule, readers, source, `${file}: ${at}`);
  const fields = fieldsOf(rule, readers, `${file}: ${at}`, at);
  return {
    holds: (part, delivery) => conditions.every((holds) => holds(part, delivery)),
    event(part, delivery, id) {
      const made: JsonRecord = { messageId: id, type };
      for (const { to, read } of fields) {
        const value = read(part, delivery.headers);
        if (!value.ok) return value;
        const [into, name = ''] = to;
        if (value.value === null || (into === 'traits' && isOwn(source, name, value.value))) continue;
        place(made, to, value.value);
      }
      const named = namesOf(identifiers, part, delivery);
      if (!named.ok) return named;
      for (const { type: kind, value } of named.value) {
        if (kind === 'user_id') made.userId = value;
        else if (kind === 'anonymous_id') made.anonymousId = value;
      }
      const others = named.value.filter(({ type: kind }) => kind !== 'user_id' && kind !== 'anonymous_id');
      if (others.length > 0) place(made, ['context', 'kenal', 'identifiers'], others as unknown as JsonValue);
      if (type === 'track' && typeof made.event !== 'string')
        return refused('event_missing_field', '$', 'the event has no name');
      return { ok: true, value: made as unknown as KenalEvent };
    },
  };
}

/** Of the closed sets that a constant must be one of. */
const SETS: Readonly<Record<string, readonly string[]>> = {
  channel: CHANNELS,
  direction: DIRECTIONS,
  'actor.kind': ACTOR_KINDS,
};

function fieldsOf(rule: WebhookRule, readers: ValueReaders, file: string, at: string): Field[] {
  const fields: Field[] = [];
  const add = (name: string, to: readonly string[], spec: ValueSpec | undefined, asText: boolean): void => {
    if (spec === undefined) return;
    const fixed = readers.constant(spec);
    const known = SETS[name];
    if (known !== undefined && fixed !== undefined && !known.includes(String(fixed)))
      throw new KenalError('bad_config', `${file}${name}: ${JSON.stringify(fixed)}; there are ${known.join(', ')}`);
    const read = readers.value(spec, `${at}${name}`);
    fields.push({ to, read: asText ? inWords(read) : read });
  };
  const kenal = (...to: string[]): string[] => ['context', 'kenal', ...to];
  add('event', ['event'], rule.event, true);
  add('message_id', ['messageId'], rule.message_id, true);
  if (rule.time !== undefined) fields.push({ to: ['timestamp'], read: timeOf(rule.time, readers, `${at}time`) });
  for (const part of ['traits', 'properties', 'context'] as const)
    for (const [name, spec] of Object.entries(rule[part])) {
      if (part === 'traits' && NAMING_TRAITS.has(name)) mustBeRead(spec, readers, `${file}traits.${name}`);
      add(`${part}.${name}`, [part, ...name.split('.')], spec, false);
    }
  add('channel', kenal('channel'), rule.channel, true);
  add('direction', kenal('direction'), rule.direction, true);
  add('actor.kind', kenal('actor', 'kind'), rule.actor?.kind, true);
  add('actor.id', kenal('actor', 'id'), rule.actor?.id, true);
  add('actor.team', kenal('actor', 'team'), rule.actor?.team, true);
  add('conversation_id', kenal('conversationId'), rule.conversation_id, true);
  add('case_id', kenal('caseId'), rule.case_id, true);
  add('account_id', kenal('accountId'), rule.account_id, true);
  return fields;
}

/** Times that a form is given for are read by it; else ISO 8601, with the zone of the mapping where it has none, or a number. */
function timeOf(spec: ValueSpec, readers: ValueReaders, where: string): ValueReader {
  const path = typeof spec === 'string' ? { path: spec } : spec;
  const isPath = typeof path === 'object' && 'path' in path && path.path.startsWith('$');
  if (!isPath) return readers.value(spec, where);
  const hasForm = path.date !== undefined || path.format !== undefined || path.convert !== undefined;
  if (hasForm) return readers.value(path, where);
  const [plain, iso] = [readers.value(path, where), readers.value({ ...path, convert: 'date' }, where)];
  return (part, headers) => {
    const raw = plain(part, headers);
    if (!raw.ok) return raw;
    if (raw.value === null) return refused('event_missing_field', path.path, 'the time of the event');
    return typeof raw.value === 'number' || /^\d{9,}$/.test(textOf(raw.value)) ? raw : iso(part, headers);
  };
}

type Wanted = NonNullable<WebhookRule['when']>[string];

function conditionOf(wanted: Wanted): (found: JsonValue) => boolean {
  if (typeof wanted === 'object' && 'exists' in wanted) return (found) => (found !== null) === wanted.exists;
  const legal = new Set([wanted].flat().map(String));
  return (found) => found !== null && typeof found !== 'object' && legal.has(String(found));
}

// ['context', 'page', 'url'] → {context: {page: {url: …}}}
function place(target: JsonRecord, to: readonly string[], value: JsonValue): void {
  let object = target;
  for (const key of to.slice(0, -1)) {
    const deeper = object[key];
    const next = typeof deeper === 'object' && deeper !== null && !Array.isArray(deeper) ? (deeper as JsonRecord) : {};
    object[key] = next;
    object = next;
  }
  object[to.at(-1)!] = value;
}
