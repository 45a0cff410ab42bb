import { createHash } from 'node:crypto';
import {
  createSource,
  createZone,
  type Delivery,
  type KenalEvent,
  type Outcome,
  type Source,
  type Vendor,
  type Zone,
} from '@kenal/collector-kit';
import type { KenalConfig } from '@kenal/contracts';
import { readPath } from './path.ts';
import { createEventRule } from './to-event.ts';
import { createValueReaders, zoneNamed } from './values.ts';
import { readWebhookMapping, rulesOf } from './webhook-file.ts';

/** What the mapping file of one source says. */
interface SourceMapping {
  /** Headers that it reads, in lower case. */
  readonly headers: readonly string[];
  split(payload: unknown): readonly unknown[];
  map(part: unknown, delivery: Delivery): Outcome<readonly KenalEvent[]>;
}

/**
 * `custom-hmac`: whatever signs its deliveries, mapped by the file that its source names.
 * @throws KenalError `bad_config` where a file is not there or says what cannot be done
 */
export function createCustomHmac(config: KenalConfig): Vendor {
  const mappings = new Map<string, SourceMapping>();
  for (const workspace of config.workspaces)
    for (const entry of workspace.sources)
      if (entry.kind === 'custom-hmac' && entry.mapping !== undefined && entry.enabled)
        mappings.set(`${workspace.id}/${entry.id}`, createSourceMapping(createSource(workspace, entry), entry.mapping));
  const of = ({ workspace, id }: Source): SourceMapping | undefined => mappings.get(`${workspace}/${id}`);
  return {
    kind: 'custom-hmac',
    headers: [...new Set([...mappings.values()].flatMap(({ headers }) => headers))],
    split: (payload, source) => of(source)?.split(payload) ?? [payload],
    map: (part, delivery) => of(delivery.source)?.map(part, delivery) ?? { ok: true, value: [] },
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
  return {
    headers: [...readers.headers, ...(ownId === null ? [] : [ownId])],
    split(payload) {
      if (each === null) return [payload];
      const list = readPath(each, payload, {});
      return Array.isArray(list) ? list : [];
    },
    map(part, delivery) {
      const rule = rules.find(({ holds }) => holds(part, delivery));
      if (rule === undefined) return { ok: true, value: [] };
      const sent = ownId === null ? undefined : delivery.headers[ownId];
      const made = rule.event(part, delivery, sent ?? hashOf(part));
      return made.ok ? { ok: true, value: [made.value] } : made;
    },
  };
}

function hashOf(part: unknown): string {
  return createHash('sha256').update(JSON.stringify(part)).digest('base64url').slice(0, 27);
}
