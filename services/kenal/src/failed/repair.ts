import type { JsonValue } from '@kenal/contracts';
import { FAILED_BODY } from '@kenal/contracts';
import { UsageError } from '../cli/usage-error.ts';
import { type EditableBody, type FailedBody, openBody } from './body.ts';
import { alone, applySet, firstStepOf, isObject, pathOf } from './set-path.ts';

export interface Repaired {
  readonly body: FailedBody;
  /**
   * Settings of a field that the body does not have and the fault names: it may be missing there, or be read from another
   * place. Where the fault stays, nothing reads it.
   */
  readonly unproved: readonly string[];
  /** What there is to set: `line, headers.x-topic`. */
  readonly fields: string;
}

const MOST_FIELDS = 30;

/**
 * A body with `--set` applied. `$.headers.x-topic` of a vendor's part is the header that it was kept with.
 * @param path that the fault names
 * @throws UsageError where a setting is none, leads nowhere, or adds to a vendor's part a field that nothing would read
 */
export function repairBody(kept: FailedBody, settings: readonly string[], path: string): Repaired {
  const open = openBody(kept);
  let [value, headers]: JsonValue[] = [open.value, open.headers ?? {}];
  const unproved: string[] = [];
  const fields = fieldsOf(open);
  for (const setting of settings) {
    const step = firstStepOf(setting);
    if (step === 'headers' && open.headers !== null && !has(value!, 'headers')) {
      headers = (applySet({ headers: headers! }, setting) as { headers?: JsonValue }).headers ?? {};
      continue;
    }
    if (typeof step === 'string' && isObject(value) && !has(value, step)) {
      if (pathOf(setting) === alone(path)) unproved.push(setting);
      else if (kept.contentType === FAILED_BODY.item) throw nothingReads(setting, fields);
    }
    value = applySet(value!, setting);
  }
  return { body: open.write(value!, headers), unproved, fields };
}

export function nothingReads(setting: string, fields: string): UsageError {
  return new UsageError(
    `--set ${setting}: the body that was kept has no such field, and nothing would read it; it has ${fields}. --file replaces it whole`,
  );
}

function has(value: JsonValue, name: string): boolean {
  return isObject(value) && Object.hasOwn(value, name);
}

function fieldsOf({ value, headers }: EditableBody): string {
  const names = [
    ...(isObject(value) ? Object.keys(value) : []),
    ...Object.keys(headers ?? {}).map((name) => `headers.${name}`),
  ];
  if (names.length === 0) return 'no fields';
  return names.slice(0, MOST_FIELDS).join(', ') + (names.length > MOST_FIELDS ? ', …' : '');
}
