/** Who talks in a conversation, as their browser says. */
export interface Visitor {
  /** A random one, so that nobody but the browser that made it can listen to it. */
  readonly conversationId: string;
  readonly anonymousId: string | null;
  readonly userId: string | null;
}

/** Where answers can be handed over. */
export interface Listener {
  /** @returns false where it is closing */
  send(message: object): boolean;
}

/** Who is connected to this process, and who was lately. */
export interface Visitors {
  /** From now on answers to this conversation go here too. */
  join(source: string, visitor: Visitor, listener: Listener): void;
  leave(listener: Listener): void;
  /** @returns whether anybody was there to take it */
  deliver(source: string, conversationId: string, message: object): boolean;
  /** @returns null where the conversation was not seen lately, or was forgotten among many */
  find(source: string, conversationId: string): Visitor | null;
}

/** Tabs and conversations of one connection that are kept; the oldest give way. */
const CONVERSATIONS_A_LISTENER = 20;
const REMEMBERED = 10_000;

/** In memory: after a start nobody is connected, and all connect again. @param source `workspace/source` */
export function createVisitors(): Visitors {
  const listeners = new Map<string, Set<Listener>>();
  const joined = new Map<Listener, string[]>();
  const seen = new Map<string, Visitor>();

  function remember(key: string, visitor: Visitor): void {
    const before = seen.get(key);
    seen.delete(key);
    // Who said who they are once is the same one afterwards
    seen.set(key, {
      conversationId: visitor.conversationId,
      anonymousId: visitor.anonymousId ?? before?.anonymousId ?? null,
      userId: visitor.userId ?? before?.userId ?? null,
    });
    for (const oldest of seen.keys()) {
      if (seen.size <= REMEMBERED) break;
      seen.delete(oldest);
    }
  }

  function part(key: string, listener: Listener): void {
    const set = listeners.get(key);
    set?.delete(listener);
    if (set?.size === 0) listeners.delete(key);
  }

  return {
    join(source, visitor, listener) {
      const key = keyOf(source, visitor.conversationId);
      remember(key, visitor);
      const keys = joined.get(listener) ?? [];
      joined.set(listener, keys);
      if (keys.includes(key)) return;
      keys.push(key);
      if (keys.length > CONVERSATIONS_A_LISTENER) part(keys.shift()!, listener);
      const set = listeners.get(key) ?? new Set();
      listeners.set(key, set.add(listener));
    },
    leave(listener) {
      for (const key of joined.get(listener) ?? []) part(key, listener);
      joined.delete(listener);
    },
    deliver(source, conversationId, message) {
      let isDelivered = false;
      for (const listener of listeners.get(keyOf(source, conversationId)) ?? [])
        isDelivered = listener.send(message) || isDelivered;
      return isDelivered;
    },
    find: (source, conversationId) => seen.get(keyOf(source, conversationId)) ?? null,
  };
}

function keyOf(source: string, conversationId: string): string {
  return `${source} ${conversationId}`;
}
