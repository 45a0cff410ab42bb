import { hash } from 'node:crypto';

/** Of a delivery, for what has no id of its own: two changes of one second are two events, the very same content again is one. */
export function digest(payload: unknown): string {
  return hash('sha256', JSON.stringify(payload), 'base64url').slice(0, 16);
}
