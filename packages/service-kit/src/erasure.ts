import { createHmac } from 'node:crypto';
import type { IdentifierKey } from '@kenal/contracts';
import { bytesOfKey } from './workspace-key.ts';

/**
 * What stays of an identifier of an erased person, `Directive.erased`: nobody can tell the identifier from it without the
 * key, and everybody who has the key knows the identifier again when it comes back.
 * @param key `erasureKey` of the workspace, as `readWorkspaceKey` writes it
 * @param identifier normalised, `type:value`
 * @returns HMAC-SHA-256, hex
 */
export function erasureHash(key: string, identifier: IdentifierKey): string {
  return createHmac('sha256', bytesOfKey(key)).update(identifier, 'utf8').digest('hex');
}
