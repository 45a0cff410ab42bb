import type {
  ComponentSnapshot,
  IdentifierKey,
  IdentityState,
  LoadedState,
  ParkedLeaf,
  ProcessedOffset,
  Shelf,
  ShelfQuery,
} from '@kenal/contracts';
import { DIRECTIVES_PARTITION } from '@kenal/contracts';
import { checkCommit, checkShelves } from '../check-commit.ts';
import { type Workspace, write } from './memory-commit.ts';

const COMPONENTS_A_PAGE = 100;

const EMPTY = (): Workspace => ({
  components: new Map(),
  pointers: new Map(),
  parked: new Map(),
  shelves: new Map(),
  issued: new Map(),
  outbox: [],
  processed: new Map(),
});

/** The port in plain maps: what the adapters are held against. It has no leases, nobody shares it. */
export function createMemoryState(): IdentityState {
  const workspaces = new Map<string, Workspace>();
  const at = (name: string): Workspace => {
    const workspace = workspaces.get(name) ?? EMPTY();
    workspaces.set(name, workspace);
    return workspace;
  };
  const offsetOf = (workspace: string, partition: number) => at(workspace).processed.get(partition) ?? -1;
  return {
    async load(workspace, identifiers, shelves = []) {
      checkShelves(shelves);
      const fence = offsetOf(workspace, DIRECTIVES_PARTITION);
      return { now: Date.now() * 1_000, fence, ...read(at(workspace), identifiers, shelves) };
    },
    async commit(workspace, commits, fence = Number.POSITIVE_INFINITY) {
      for (const commit of commits) checkCommit(commit);
      const isAdmitted = offsetOf(workspace, DIRECTIVES_PARTITION) <= fence;
      return commits.map((commit) => isAdmitted && write(at(workspace), commit));
    },
    anchor: async (workspace, profileId) => at(workspace).issued.get(profileId) ?? null,
    async scan(workspace, cursor) {
      const ids = [...at(workspace).components.keys()].filter((id) => id > (cursor ?? '')).sort();
      const page = ids.slice(0, COMPONENTS_A_PAGE);
      const components = page.map((id) => snapshot(at(workspace), id));
      return { components, cursor: page.length < ids.length ? page.at(-1)! : null };
    },
    advance: async (offsets) =>
      offsets.map(({ workspace, partition, offset, atLeast = -1 }) => {
        const before = offsetOf(workspace, partition);
        if (offset > before && before >= atLeast) at(workspace).processed.set(partition, offset);
        return before;
      }),
    processed: async (names, partitions): Promise<ProcessedOffset[]> =>
      names.flatMap((workspace) =>
        partitions.map((partition) => ({ workspace, partition, offset: offsetOf(workspace, partition) })),
      ),
    async relay(workspace, _holder, limit, send) {
      const messages = at(workspace).outbox.slice(0, limit);
      if (messages.length === 0) return { sent: 0, held: false };
      await send(messages);
      at(workspace).outbox.splice(0, messages.length);
      return { sent: messages.length, held: false };
    },
    close: async () => {},
  };
}

function read(
  workspace: Workspace,
  identifiers: readonly IdentifierKey[],
  queries: readonly ShelfQuery[],
): Pick<LoadedState, 'pointers' | 'parked' | 'components' | 'shelves'> {
  const pointers = new Map<IdentifierKey, string>();
  const parked = new Map<IdentifierKey, ParkedLeaf>();
  const components = new Map<string, ComponentSnapshot>();
  for (const identifier of identifiers) {
    const leaf = workspace.parked.get(identifier);
    if (leaf) parked.set(identifier, leaf);
    const id = workspace.pointers.get(leaf?.centre ?? identifier);
    if (id === undefined) continue;
    pointers.set(identifier, id);
    if (!components.has(id)) components.set(id, snapshot(workspace, id));
  }
  return { pointers, parked, components, shelves: new Map(queries.map((one) => [one.centre, shelf(workspace, one)])) };
}

function snapshot(workspace: Workspace, id: string): ComponentSnapshot {
  const found = workspace.components.get(id);
  return { id, version: found?.version ?? 0, fields: new Map(found?.fields) };
}

function shelf({ shelves, parked }: Workspace, { centre, limit }: ShelfQuery): Shelf {
  const all = [...(shelves.get(centre) ?? [])].map(([leaf, rank]) => {
    const evidence = parked.get(leaf);
    return { leaf, rank, text: evidence?.centre === centre ? evidence.text : null };
  });
  const sorted = all.sort((a, b) => a.rank - b.rank || Buffer.compare(Buffer.from(a.leaf), Buffer.from(b.leaf)));
  return { entries: sorted.slice(0, limit), size: all.length };
}
