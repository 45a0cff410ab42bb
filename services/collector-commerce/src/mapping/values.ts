import { createZone, type Headers, type Outcome, refused, type Zone } from '@kenal/collector-kit';
import type { JsonValue } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { converterOf, Fault } from './converters.ts';
import { type Path, parsePath, readPath } from './path.ts';
import type { PathSpec, ValueSpec } from './webhook-file.ts';

/** Reads one thing out of a part of a delivery; null where it says nothing. */
export type ValueReader = (part: unknown, headers: Headers) => Outcome<JsonValue>;

/** Turns the values of one mapping file into readers. Its methods throw KenalError `bad_config` naming file and place. */
export interface ValueReaders {
  path(text: string, where: string): Path;
  value(spec: ValueSpec, where: string): ValueReader;
  /** The constant that it is; undefined where it is read out of the part. */
  constant(spec: ValueSpec): JsonValue | undefined;
  /** Names of the headers that are read, in lower case. */
  readonly headers: ReadonlySet<string>;
}

/** @param zone of times that have none */
export function createValueReaders(file: string, zone: Zone): ValueReaders {
  const headers = new Set<string>();

  function path(text: string, where: string): Path {
    const parsed = parsePath(text);
    if (typeof parsed === 'string') throw new KenalError('bad_config', `${file}: ${where}: ${text}: ${parsed}`);
    if (parsed.root === 'header') headers.add(String(parsed.steps[0]));
    return parsed;
  }

  function reader(spec: PathSpec, where: string): ValueReader {
    const from = path(spec.path, where);
    const convert = converterOf(spec, () => zoneNamed(spec.zone ?? spec.timezone, zone, `${file}: ${where}`));
    const empty = new Set(spec.empty);
    const fallback = spec.default ?? null;
    return (part, sent) => {
      const raw = readPath(from, part, sent);
      const said = typeof raw === 'string' ? raw.trim() : raw;
      if (said === null || said === '' || (typeof said === 'string' && empty.has(said)))
        return { ok: true, value: fallback };
      const value = convert(said);
      return value instanceof Fault ? refused('event_bad_field', spec.path, value.reason) : { ok: true, value };
    };
  }

  function value(spec: ValueSpec, where: string): ValueReader {
    const fixed = constantOf(spec);
    if (fixed !== undefined) return () => ({ ok: true, value: fixed });
    if (typeof spec === 'string') return reader({ path: spec }, where);
    if (typeof spec === 'object' && 'path' in spec) return reader(spec, where);
    if (typeof spec !== 'object' || !('each' in spec)) throw new KenalError('bad_config', `${file}: ${where}`);
    const from = path(spec.each, where);
    const fields = Object.entries(spec.fields).map(
      ([name, field]) => [name, value(field, `${where}.${name}`)] as const,
    );
    return (part, sent) => listOf(readPath(from, part, sent), fields, sent);
  }

  return { path, value, constant: constantOf, headers };
}

function listOf(
  list: JsonValue,
  fields: readonly (readonly [string, ValueReader])[],
  headers: Headers,
): Outcome<JsonValue> {
  if (!Array.isArray(list)) return { ok: true, value: null };
  const made: JsonValue[] = [];
  for (const element of list) {
    const record: Record<string, JsonValue> = {};
    for (const [name, read] of fields) {
      const value = read(element, headers);
      if (!value.ok) return value;
      if (value.value !== null) record[name] = value.value;
    }
    made.push(record);
  }
  return { ok: true, value: made };
}

function constantOf(spec: ValueSpec): JsonValue | undefined {
  if (typeof spec === 'string') return spec.startsWith('$') ? undefined : spec;
  if (typeof spec !== 'object') return spec;
  if ('const' in spec) return spec.const;
  return 'value' in spec ? spec.value : undefined;
}

/** `42` → `'42'`; a list or an object is nobody's name. */
export function inWords(read: ValueReader): ValueReader {
  return (part, headers) => {
    const value = read(part, headers);
    if (!value.ok || value.value === null) return value;
    return { ok: true, value: typeof value.value === 'object' ? null : String(value.value) };
  };
}

/** @throws KenalError `bad_config` */
export function zoneNamed(name: string | undefined, fallback: Zone, where: string): Zone {
  if (name === undefined) return fallback;
  const zone = createZone(name);
  if (zone === null)
    throw new KenalError('bad_config', `${where}: there is no time zone ${name}; write it like Europe/London`);
  return zone;
}
