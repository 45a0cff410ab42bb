import { IDENTIFIER_TYPES, type Identifier, VENDOR_IDENTIFIER_TYPES } from '@kenal/contracts';
import { isRecord, type JsonRecord } from '../json/inspect.ts';

/** The parts of an event that may name its subject. */
export interface SubjectParts {
  readonly userId: string | null;
  readonly anonymousId: string | null;
  readonly previousId: string | null;
  /** Traits of the person: never those of a group. */
  readonly traits: JsonRecord;
  readonly context: JsonRecord;
  /** `mergeProperties` of RudderStack's merge call: `[{type: 'email', value: 'a@b.c'}]` */
  readonly merged: unknown;
  /** `context.kenal.identifiers`: `[{type: 'shopify_id', value: 'a.myshopify.com/42'}]` */
  readonly placed: unknown;
}

const LONGEST = 1024;

// Other names for our types, as Segment's and RudderStack's clients write them.
const TYPE_NAMES: Readonly<Record<string, string>> = {
  userid: 'user_id',
  anonymousid: 'anonymous_id',
  'ios.id': 'device_id',
  'ios.idfa': 'device_id',
  'android.id': 'device_id',
  'android.idfa': 'device_id',
  deviceid: 'device_id',
  mobile: 'phone',
  phone_number: 'phone',
  loyaltycard: 'loyalty_card',
};

const BUILT_IN: ReadonlySet<string> = new Set<string>([...IDENTIFIER_TYPES, ...VENDOR_IDENTIFIER_TYPES]);

// f81d4fae-7dec-11d0-a765-00a0c91e6bf6, or the forms that clients make up: `anon-…`, `anonymous_…`
const LOOKS_ANONYMOUS = /^(?:[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$|anon)/i;

/**
 * Identifiers of the one subject, as sent: `userId`, `anonymousId`, traits, device, `context.externalIds`.
 * A listed type that is neither built in nor declared stays in the context only.
 * Never from `properties`: an e-mail address there may be anybody's (a friend who was invited).
 * @param declared identifier types of the workspace beside the built-in ones; a trait of such a name is one
 */
export function identifiersOf(parts: SubjectParts, declared: readonly string[]): Identifier[] {
  const found: Identifier[] = [];
  add(found, 'user_id', parts.userId);
  add(found, 'loyalty_card', parts.traits.loyalty_card ?? parts.traits.loyaltyCard);
  add(found, 'email', parts.traits.email);
  add(found, 'phone', parts.traits.phone);
  addDevice(found, parts.context.device);
  add(found, 'anonymous_id', parts.anonymousId);
  for (const type of declared) add(found, type, parts.traits[type]);
  if (parts.previousId !== null) add(found, previousType(parts.previousId, parts.anonymousId), parts.previousId);
  addListed(found, parts.context.externalIds, 'id', declared);
  addListed(found, parts.merged, 'value', declared);
  addListed(found, parts.placed, 'value', declared);
  return found;
}

/** Text of a value that may name somebody: `42` → `'42'`; null for all else. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}

function add(found: Identifier[], type: string, raw: unknown): void {
  const value = textOf(raw)?.trim();
  if (value === undefined || value === '' || value.length > LONGEST) return;
  for (const other of found) if (other.type === type && other.value === value) return;
  found.push({ type, value });
}

function addDevice(found: Identifier[], device: unknown): void {
  if (!isRecord(device)) return;
  add(found, 'device_id', device.id);
  add(found, 'device_id', device.advertisingId);
}

// [{id: '123', type: 'crm_id', collection: 'users', encoding: 'none'}]: other collections name companies, not people
function addListed(found: Identifier[], list: unknown, field: 'id' | 'value', declared: readonly string[]): void {
  if (!Array.isArray(list)) return;
  for (const item of list) {
    if (!isRecord(item) || typeof item.type !== 'string') continue;
    if (item.collection !== undefined && item.collection !== null && item.collection !== 'users') continue;
    const type = typeName(item.type);
    if (BUILT_IN.has(type) || declared.includes(type)) add(found, type, item[field]);
  }
}

/** `crmId` → `crm_id`, `ios.idfa` → `device_id` */
function typeName(raw: string): string {
  const known = TYPE_NAMES[raw.toLowerCase()];
  if (known !== undefined) return known;
  return raw
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z_]+/g, '_');
}

function previousType(previousId: string, anonymousId: string | null): string {
  return previousId === anonymousId || LOOKS_ANONYMOUS.test(previousId) ? 'anonymous_id' : 'user_id';
}
