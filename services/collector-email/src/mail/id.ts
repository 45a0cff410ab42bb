import { createHash } from 'node:crypto';

const LONGEST = 500;
export const PLAIN = /^[\x21-\x7e]+$/;

/** An id as it is, or its hash where it is long or not plain: cut, two that begin alike would be one. */
export function idOrHash(id: string): string {
  return id.length <= LONGEST && PLAIN.test(id) ? id : hashId(id);
}

/** `sha256:<64 hex digits>` */
export function hashId(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
