import { quote } from '@kenal/collector-commerce/mapping';
import type { Zone } from '@kenal/collector-kit';
import {
  ACTOR_KINDS,
  CHANNELS,
  DIRECTIONS,
  formatTime,
  IDENTIFIER_TYPE_PATTERN,
  type Identifier,
  type InteractionType,
  type JsonValue,
} from '@kenal/contracts';
import { UsageError } from '../cli/usage-error.ts';
import { externalId, type SegmentEvent } from '../gen/event.ts';
import { type CellReader, type CellReaders, constantOf } from './cell.ts';
import type { Mapping, ValueSpec } from './mapping-file.ts';
import { createOrderLineReader, type Properties, type RowFault } from './order-line.ts';
import type { Row, RowSource } from './rows.ts';
import { createTimeReader } from './time-column.ts';

/** An event before it has its id; without a time where the file has none. */
export type RowContent = Omit<SegmentEvent, 'messageId' | 'timestamp'> & { timestamp?: string };

export type RowEvent =
  | { readonly ok: true; readonly event: RowContent; readonly identifiers: readonly Identifier[] }
  | ({ readonly ok: false } & RowFault);

/** Makes events of rows, as one mapping says. */
export type RowToEvent = (row: Row) => RowEvent;

const DEFAULT_ORDER_EVENT = 'Order Completed';
type Field<T> = { readonly name: string; readonly read: CellReader<T> };

/**
 * @param readers for the columns of this file
 * @throws UsageError where the mapping does not fit the file, or says too little to make events
 */
export async function createRowToEvent(
  mapping: Mapping,
  readers: CellReaders,
  source: RowSource,
  zone: Zone,
  path: string,
): Promise<RowToEvent> {
  const type = typeFor(mapping, path);
  const named = mapping.event ?? (mapping.order === undefined ? undefined : DEFAULT_ORDER_EVENT);
  const event = named === undefined ? null : readers.text(named, 'event', true);
  const time = mapping.time === undefined ? null : await createTimeReader(mapping.time, readers, source, zone, path);
  const identifiers = fields(mapping.identifiers, 'identifiers', (spec, where) => readers.text(spec, where, false));
  const wrong = identifiers.find(({ name }) => !IDENTIFIER_TYPE_PATTERN.test(name));
  if (wrong !== undefined)
    throw new UsageError(`${path}: identifiers.${wrong.name}: a type is written in lower case letters and _`);
  const traits = fields(mapping.traits, 'traits', (spec, where) => readers.value(spec, where, false));
  const properties = fields(mapping.properties, 'properties', (spec, where) => readers.value(spec, where, false));
  const context = fields(mapping.context, 'context', (spec, where) => readers.value(spec, where, true));
  const placement = placementFields(mapping, readers, path);
  const line = mapping.order === undefined ? null : createOrderLineReader(mapping.order, readers);

  return (row) => {
    const made: Draft = { type, identifiers: [], traits: {}, properties: {}, context: {} };
    const fault =
      readInto(identifiers, row, (name, value) => made.identifiers.push([name, value])) ??
      readInto(traits, row, (name, value) => place(made.traits, name, value)) ??
      readInto(properties, row, (name, value) => place(made.properties, name, value)) ??
      readInto(context, row, (name, value) => place(made.context, name, value)) ??
      readInto(placement, row, (name, value) => place(made.context, `kenal.${name}`, value)) ??
      readInto(event === null ? [] : [{ name: 'event', read: event }], row, (_name, value) => (made.name = value)) ??
      readInto(
        time === null ? [] : [{ name: 'time', read: time }],
        row,
        (_name, at) => (made.timestamp = formatTime(at)),
      );
    if (fault !== null) return { ok: false, ...fault };
    if (type === 'track' && made.name === undefined)
      return { ok: false, column: 'event', reason: 'the event has no name' };
    const order = line?.(row);
    if (order !== undefined) {
      if (!('properties' in order)) return { ok: false, column: order.column, reason: order.reason };
      Object.assign(made.properties, order.properties);
    }
    return {
      ok: true,
      event: finish(made),
      identifiers: made.identifiers.map(([kind, value]) => ({ type: kind, value })),
    };
  };
}

function typeFor(mapping: Mapping, path: string): InteractionType {
  if (mapping.type !== undefined) return mapping.type;
  if (mapping.event !== undefined || mapping.order !== undefined) return 'track';
  if (Object.keys(mapping.traits).length > 0) return 'identify';
  throw new UsageError(`${path}: say what the rows are: an event, an order, or traits of a person`);
}

function fields<S, T>(
  specs: Readonly<Record<string, S>>,
  where: string,
  make: (spec: S, where: string) => CellReader<T>,
) {
  return Object.entries(specs).map(([name, spec]): Field<T> => ({ name, read: make(spec, `${where}.${name}`) }));
}

/**
 * What Segment's form has no field for: `context.kenal`, as the tracking API takes it.
 * @throws UsageError where a constant is none that there is
 */
function placementFields({ actor, ...mapping }: Mapping, readers: CellReaders, path: string): Field<string>[] {
  const specs = {
    channel: mapping.channel,
    direction: mapping.direction,
    'actor.kind': actor?.kind,
    'actor.id': actor?.id,
    'actor.team': actor?.team,
    conversationId: mapping.conversation_id,
    caseId: mapping.case_id,
    accountId: mapping.account_id,
  };
  const given = Object.entries(specs).filter((entry): entry is [string, ValueSpec] => entry[1] !== undefined);
  for (const [name, spec] of given) {
    const known = CLOSED_SETS[name];
    if (known === undefined || readers.column(spec, name, true) !== null || known.includes(String(constantOf(spec))))
      continue;
    throw new UsageError(`${path}: ${name}: ${quote(constantOf(spec))} is no column and none of ${known.join(', ')}`);
  }
  return fields(Object.fromEntries(given), 'context.kenal', (spec, where) => readers.text(spec, where, true));
}

/** Where a constant must be one of these: else the tracking API would refuse each row. */
const CLOSED_SETS: Readonly<Record<string, readonly string[]>> = {
  channel: CHANNELS,
  direction: DIRECTIONS,
  'actor.kind': ACTOR_KINDS,
};

function readInto<T>(list: readonly Field<T>[], row: Row, take: (name: string, value: T) => void): RowFault | null {
  for (const { name, read } of list) {
    const cell = read(row);
    if (!cell.ok) return { column: cell.column, reason: cell.reason };
    if (cell.value !== null) take(name, cell.value);
  }
  return null;
}

interface Draft {
  readonly type: InteractionType;
  name?: string;
  timestamp?: string;
  readonly identifiers: [type: string, value: string][];
  readonly traits: Properties;
  readonly properties: Properties;
  readonly context: Properties;
}

// `user_id` and `anonymous_id` have fields of their own; all other types travel as Segment's externalIds.
function finish(draft: Draft): RowContent {
  const { identifiers, traits, properties, context, name, type, timestamp } = draft;
  const ids = [];
  const event: RowContent = timestamp === undefined ? { type } : { type, timestamp };
  for (const [kind, value] of identifiers) {
    if (kind === 'user_id') event.userId = value;
    else if (kind === 'anonymous_id') event.anonymousId = value;
    else ids.push(externalId(kind, value));
  }
  if (name !== undefined) event[type === 'track' ? 'event' : 'name'] = name;
  if (type === 'identify' || type === 'group') event.traits = traits;
  else if (Object.keys(traits).length > 0) context.traits = traits;
  if (Object.keys(properties).length > 0) event.properties = properties;
  if (ids.length > 0) context.externalIds = ids;
  if (Object.keys(context).length > 0) event.context = context;
  return event;
}

// `address.city` → {address: {city: …}}
function place(target: Properties, name: string, value: JsonValue): void {
  const path = name.split('.');
  const last = path.pop() as string;
  let object = target;
  for (const key of path) {
    const deeper = object[key];
    const next: Properties = typeof deeper === 'object' && deeper !== null ? (deeper as Properties) : {};
    object[key] = next;
    object = next;
  }
  object[last] = value;
}
