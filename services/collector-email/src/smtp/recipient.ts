import type { KeyAccess, Keyring } from '@kenal/collector-kit';

/**
 * Whose mail an address takes: `<key>@…` or `any+<key>@…`, the key being a write key of a source of kind smtp.
 * @returns null where it is nobody's
 */
export function accessOf(keyring: Keyring, address: string): KeyAccess | null {
  for (const access of accessesOf(keyring, address))
    if (access.source.kind === 'smtp' && access.source.enabled) return access;
  return null;
}

/** Whether an address names a write key, of whatever source, switched on or off: it is a secret then. */
export function opensKey(keyring: Keyring, address: string): boolean {
  return accessesOf(keyring, address).length > 0;
}

function accessesOf(keyring: Keyring, address: string): readonly KeyAccess[] {
  const local = address.slice(0, address.lastIndexOf('@'));
  const keys = new Set([local, local.slice(local.lastIndexOf('+') + 1)]);
  return Array.from(keys, (key) => keyring.find(key)).filter((access) => access !== null);
}
