import type { KeyAccess, Keyring } from '@kenal/collector-kit';

/**
 * Whose mail an address takes: `<key>@…` or `any+<key>@…`, the key being a write key of a source of kind smtp.
 * @returns null where it is nobody's
 */
export function accessOf(keyring: Keyring, address: string): KeyAccess | null {
  const local = address.slice(0, address.lastIndexOf('@'));
  for (const key of new Set([local, local.slice(local.lastIndexOf('+') + 1)])) {
    const access = key === '' ? null : keyring.find(key);
    if (access?.source.kind === 'smtp' && access.source.enabled) return access;
  }
  return null;
}
