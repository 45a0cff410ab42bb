import {
  at,
  createZone,
  type Delivery,
  isRecord,
  type Keyring,
  type Mapped,
  NOTHING,
  refused,
  type Source,
  VENDOR_PARTS,
  type Vendor,
  type Zone,
} from '@kenal/collector-kit';
import type { KenalConfig } from '@kenal/contracts';
import { digest } from '../events/digest.ts';
import { EVERY, type Path, readPath } from './path.ts';
import { createEventRule } from './to-event.ts';
import { createValueReaders, zoneNamed } from './values.ts';
import { readWebhookMapping, rulesOf } from './webhook-file.ts';

/** What the mapping file of one source says. */
interface SourceMapping {
  /** Headers that it reads, in lower case. */
  readonly headers: readonly string[];
  split(payload: unknown): readonly unknown[];
  map(part: unknown, delivery: Delivery): Mapped;
}

/**
 * `custom-hmac`: whatever signs its deliveries, mapped by the file that its source names.
 * @throws KenalError `bad_config` where a file is not there or says what cannot be done
 */
export function createCustomHmac(config: KenalConfig, keyring: Keyring): Vendor {
  const mappings = new Map<string, SourceMapping>();
  for (const workspace of config.workspaces)
    for (const { id, kind, mapping, enabled } of workspace.sources) {
      const source = keyring.source(workspace.id, id);
      if (source !== null && kind === 'custom-hmac' && mapping !== undefined && enabled)
        mappings.set(`${workspace.id}/${id}`, createSourceMapping(source, mapping));
    }
  const of = ({ workspace, id }: Source): SourceMapping | undefined => mappings.get(`${workspace}/${id}`);
  return {
    kind: 'custom-hmac',
    headers: [...new Set([...mappings.values()].flatMap(({ headers }) => headers))],
    split: (payload, source) => of(source)?.split(payload) ?? [payload],
    map: (part, delivery) => of(delivery.source)?.map(part, delivery) ?? NOTHING,
  };
}

function createSourceMapping(source: Source, file: string): SourceMapping {
  const mapping = readWebhookMapping(file);
  const utc = createZone('UTC') as Zone;
  const zone = zoneNamed(mapping.zone, zoneNamed(source.timezone, utc, 'the workspace'), `${file}: zone`);
  const readers = createValueReaders(file, zone);
  const each = mapping.each === undefined ? null : readers.path(mapping.each, 'each');
  const many = mapping.events !== undefined;
  const rules = rulesOf(mapping).map((rule, i) =>
    createEventRule(rule, readers, source, file, many ? `events[${i}].` : ''),
  );
  const idHeader = source.config.signature?.idHeader?.toLowerCase();
  // One id of a header is that of all parts
  const ownId = each === null && idHeader !== undefined ? idHeader : null;
  const mapOne = (part: unknown, delivery: Delivery): Mapped => {
    const rule = rules.find(({ holds }) => holds(part, delivery));
    if (rule === undefined) return NOTHING;
    const sent = ownId === null ? undefined : delivery.headers[ownId];
    const made = rule.event(part, delivery, sent ?? digest(part));
    return made.ok ? { ok: true, value: [made.value] } : made;
  };
  return {
    headers: [...readers.headers, ...(ownId === null ? [] : [ownId])],
    split: (payload) => (each === null ? [payload] : (elementsOf(each, payload) ?? [{ [UNDIVIDED]: payload }])),
    map(part, delivery) {
      if (each === null || !isRecord(part) || !Object.hasOwn(part, UNDIVIDED)) return mapOne(part, delivery);
      const elements = elementsOf(each, at(part, UNDIVIDED));
      if (elements === null) return refused('event_bad_field', mapping.each ?? '$', 'each: there is no list');
      if (elements.length > VENDOR_PARTS) return refused('bad_body', '$', `more than ${VENDOR_PARTS} parts`);
      const mapped = elements.map((element) => mapOne(element, delivery));
      const events = mapped.flatMap((one) => (one.ok ? one.value : []));
      return mapped.find(({ ok }) => !ok) ?? { ok: true, value: events };
    },
  };
}

/** Key under which a delivery without the list of `each` is kept whole, so that it can be repaired and sent again. */
const UNDIVIDED = '$delivery';

/** @returns null where `each` leads to no list, or to nothing that a `[*]` of it could go through */
function elementsOf(each: Path, payload: unknown): readonly unknown[] | null {
  const star = each.steps.indexOf(EVERY);
  const list = readPath(star === -1 ? each : { ...each, steps: each.steps.slice(0, star) }, payload, {});
  if (!Array.isArray(list)) return null;
  return star === -1 ? list : (readPath(each, payload, {}) as unknown[]);
}
