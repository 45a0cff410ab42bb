import type { IdentifierKey } from '@kenal/contracts';
import { v5 } from 'uuid';

/** Root of all profile ids; fixed for ever. */
const KENAL = 'b4ea1a5e-6d0e-5c1b-9c55-0b8f5a2f9d11';

/** @returns a function from an anchor identifier to the profile id that it gives in this workspace */
export function createProfileIds(workspace: string): (anchor: IdentifierKey) => string {
  const namespace = v5(workspace, KENAL, new Uint8Array(16));
  return (anchor) => v5(anchor, namespace);
}

/** The UUID in which a workspace's profile ids are names (RFC 9562, version 5), for whoever makes them elsewhere. */
export function profileNamespace(workspace: string): string {
  return v5(workspace, KENAL);
}
