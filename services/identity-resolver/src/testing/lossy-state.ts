import { type ComponentSnapshot, DIRECTIVES_PARTITION, type IdentityState, type LoadedState } from '@kenal/contracts';

/** What one store has of one workspace, and all that it ever had. */
interface Node {
  processed: Map<number, number>;
  components: Map<string, { readonly version: number; readonly fields: ReadonlyMap<string, string> }>;
  /** Records of the workspace that were processed, `partition/offset`, by its own rules. */
  evidence: Set<string>;
}

const EMPTY = (): Node => ({ processed: new Map(), components: new Map(), evidence: new Set() });

/**
 * An identity state in which every workspace has a store of its own, each of which may lose a tail of its writes at any
 * time, alone or with others: as a Redis Cluster does, and worse.
 */
export interface LossyState extends IdentityState {
  /** Write down that a record was processed by its workspace's own rules: evidence, which nothing but a loss takes away. */
  prove(workspace: string, record: string): void;
  proofs(workspace: string): ReadonlySet<string>;
  /** Names of all stores. */
  readonly stores: readonly string[];
  /** Go back by so many writes; all of them where there were fewer. */
  lose(store: string, writes: number): void;
}

export function createLossyState(): LossyState {
  const nodes = new Map<string, Node>();
  const past = new Map<string, Node[]>();
  const at = (name: string): Node => nodes.get(name) ?? EMPTY();
  const write = (name: string, change: (node: Node) => void): void => {
    const now = at(name);
    past.set(name, [...(past.get(name) ?? []), now]);
    const next = {
      processed: new Map(now.processed),
      components: new Map(now.components),
      evidence: new Set(now.evidence),
    };
    change(next);
    nodes.set(name, next);
  };
  const offsetOf = (name: string, partition: number): number => at(name).processed.get(partition) ?? -1;

  return {
    prove: (workspace, record) => write(workspace, ({ evidence }) => evidence.add(record)),
    proofs: (workspace) => at(workspace).evidence,
    get stores() {
      return [...nodes.keys()];
    },
    lose: (name, writes) => {
      const before = past.get(name) ?? [];
      if (before.length === 0) return;
      const to = Math.max(0, before.length - writes);
      nodes.set(name, before[to]!);
      past.set(name, before.slice(0, to));
    },
    load: async (name, identifiers): Promise<LoadedState> => {
      const found = identifiers.filter((id) => at(name).components.has(id));
      const components = found.map((id): [string, ComponentSnapshot] => [id, { id, ...at(name).components.get(id)! }]);
      const pointers = new Map(found.map((id) => [id, id]));
      const fence = offsetOf(name, DIRECTIVES_PARTITION);
      return { now: 0, fence, pointers, parked: new Map(), components: new Map(components), shelves: new Map() };
    },
    commit: async (name, commits) =>
      commits.map(({ target, expect, absent, set }) => {
        const component = at(name).components.get(target);
        if ((component?.version ?? 0) !== expect.get(target)) return false;
        if (absent.some((id) => at(name).components.has(id))) return false;
        const fields = new Map([...(component?.fields ?? []), ...set]);
        write(name, ({ components }) => components.set(target, { version: (component?.version ?? 0) + 1, fields }));
        return true;
      }),
    advance: async (offsets) =>
      offsets.map(({ workspace, partition, offset, atLeast = -1 }) => {
        const before = offsetOf(workspace, partition);
        if (offset > before && before >= atLeast) write(workspace, ({ processed }) => processed.set(partition, offset));
        return before;
      }),
    processed: async (names, partitions) =>
      names.flatMap((workspace) =>
        partitions.map((partition) => ({ workspace, partition, offset: offsetOf(workspace, partition) })),
      ),
    anchor: async () => null,
    scan: async (name) => ({
      components: [...at(name).components].map(([id, one]) => ({ id, ...one })),
      cursor: null,
    }),
    relay: async () => ({ sent: 0, held: false }),
    close: async () => undefined,
  };
}
