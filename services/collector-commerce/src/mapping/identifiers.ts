import type { Delivery, Outcome, Source } from '@kenal/collector-kit';
import { IDENTIFIER_TYPES, type Identifier, VENDOR_IDENTIFIER_TYPES } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { inWords, type ValueReader, type ValueReaders } from './values.ts';
import type { ValueSpec, WebhookRule } from './webhook-file.ts';

/** Traits that are identifiers. */
export const NAMING_TRAITS: ReadonlySet<string> = new Set(['email', 'phone', 'loyalty_card', 'loyaltyCard']);

/** Identifiers of a rule, each with what reads it. @throws KenalError `bad_config` naming file and place */
export function identifierFields(rule: WebhookRule, readers: ValueReaders, source: Source, file: string) {
  const known: ReadonlySet<string> = new Set([
    ...IDENTIFIER_TYPES,
    ...VENDOR_IDENTIFIER_TYPES,
    ...source.declaredTypes,
  ]);
  return Object.entries(rule.identifiers).map(([type, spec]) => {
    if (!known.has(type))
      throw new KenalError(
        'bad_config',
        `${file}identifiers.${type}: there are ${[...known].join(', ')}; kenal.yaml declares more`,
      );
    mustBeRead(spec, readers, `${file}identifiers.${type}`);
    return { type, read: inWords(readers.value(spec, `identifiers.${type}`)) };
  });
}

/** @throws KenalError `bad_config` where it is a constant */
export function mustBeRead(spec: ValueSpec, readers: ValueReaders, where: string): void {
  if (readers.constant(spec) !== undefined)
    throw new KenalError('bad_config', `${where}: a constant would make one person of everybody`);
}

/** Of the one subject; own addresses and numbers are left out. */
export function namesOf(
  fields: readonly { readonly type: string; readonly read: ValueReader }[],
  part: unknown,
  { headers, source }: Delivery,
): Outcome<Identifier[]> {
  const names: Identifier[] = [];
  for (const { type, read } of fields) {
    const value = read(part, headers);
    if (!value.ok) return value;
    if (typeof value.value !== 'string') continue;
    if (!isOwn(source, type, value.value)) names.push({ type, value: value.value });
  }
  return { ok: true, value: names };
}

/** Whoever writes or calls from there is no customer. */
export function isOwn({ own }: Source, type: string, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return (type === 'email' && own.hasEmail(value)) || (type === 'phone' && own.hasPhone(value));
}
