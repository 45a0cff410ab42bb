/** Name in the hash of processed offsets: where a load reads the fence anyway. */
export const MOVES = 'moves';

/**
 * Names of all keys of one workspace. The braces are a hash tag: a Redis Cluster keeps everything of a workspace in one
 * slot, where a script may touch it together, e.g. `kenal:{shop}:p:email:a@b.c`.
 */
export interface WorkspaceKeys {
  /** String: id of the component that an identifier points to, or a parked leaf as `parked.ts` writes it. */
  pointer(identifier: string): string;
  /** Hash: field → value, and under the empty name the version. */
  component(id: string): string;
  /** Sorted set: leaf by rank. Ties are in the order of their bytes. */
  shelf(centre: string): string;
  /** Hash: profile id → anchor. */
  readonly issued: string;
  /** List of framed messages, oldest first. */
  readonly outbox: string;
  /** String with an expiry: token of the relay that has the outbox. */
  readonly lease: string;
  /** Hash: partition → offset, and under {@link MOVES} how often identifiers left a component or a shelf that lives on. */
  readonly processed: string;
}

export function keysOf(workspace: string): WorkspaceKeys {
  const prefix = `kenal:{${workspace}}:`;
  return {
    pointer: (identifier) => `${prefix}p:${identifier}`,
    component: (id) => `${prefix}c:${id}`,
    shelf: (centre) => `${prefix}s:${centre}`,
    issued: `${prefix}issued`,
    outbox: `${prefix}outbox`,
    lease: `${prefix}lease`,
    processed: `${prefix}processed`,
  };
}
