import { hash } from 'node:crypto';
import { isRecord } from './inspect.ts';

/** JSON with the keys of every object in code-unit order, so that equal content gives equal bytes. Depth must be checked. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const parts = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${parts.join(',')}}`;
}

/** SHA-256 of the parts, told apart by a NUL between them, as 64 hex digits. */
export function hashOf(...parts: readonly string[]): string {
  return hash('sha256', parts.join('\0'), 'hex');
}
