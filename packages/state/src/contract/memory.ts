import type {
  ComponentCommit,
  ComponentSnapshot,
  IdentifierKey,
  IdentityState,
  OutboxMessage,
  ProcessedOffset,
} from '@kenal/contracts';
import { checkCommit } from '../check-commit.ts';

interface Workspace {
  readonly components: Map<string, { version: number; fields: Map<string, string> }>;
  readonly pointers: Map<IdentifierKey, string>;
  readonly issued: Map<string, IdentifierKey>;
  readonly outbox: OutboxMessage[];
  readonly processed: Map<number, number>;
}

/** The port in plain maps: what the adapters are held against. It has no leases, nobody shares it. */
export function createMemoryState(): IdentityState {
  const workspaces = new Map<string, Workspace>();
  const at = (name: string): Workspace => {
    let workspace = workspaces.get(name);
    if (!workspace) {
      workspace = {
        components: new Map(),
        pointers: new Map(),
        issued: new Map(),
        outbox: [],
        processed: new Map(),
      };
      workspaces.set(name, workspace);
    }
    return workspace;
  };
  const offsetOf = (workspace: string, partition: number) => at(workspace).processed.get(partition) ?? -1;
  return {
    load: async (workspace, identifiers) => ({ now: Date.now() * 1_000, ...read(at(workspace), identifiers) }),
    async commit(workspace, commits) {
      for (const commit of commits) checkCommit(commit);
      return commits.map((commit) => write(at(workspace), commit));
    },
    anchor: async (workspace, profileId) => at(workspace).issued.get(profileId) ?? null,
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

function read(workspace: Workspace, identifiers: readonly IdentifierKey[]) {
  const pointers = new Map<IdentifierKey, string>();
  const components = new Map<string, ComponentSnapshot>();
  for (const identifier of identifiers) {
    const id = workspace.pointers.get(identifier);
    if (id === undefined) continue;
    pointers.set(identifier, id);
    const found = workspace.components.get(id);
    components.set(id, { id, version: found?.version ?? 0, fields: new Map(found?.fields) });
  }
  return { pointers, components };
}

function write(workspace: Workspace, commit: ComponentCommit): boolean {
  const { components, pointers } = workspace;
  for (const [id, version] of commit.expect) if ((components.get(id)?.version ?? 0) !== version) return false;
  if (commit.absent.some((identifier) => pointers.has(identifier))) return false;
  const target = components.get(commit.target) ?? { version: 0, fields: new Map<string, string>() };
  components.set(commit.target, target);
  for (const id of commit.absorb) {
    for (const [name, value] of components.get(id)?.fields ?? []) target.fields.set(name, value);
    components.delete(id);
  }
  for (const name of commit.unset) target.fields.delete(name);
  for (const [name, value] of commit.set) target.fields.set(name, value);
  target.version += 1;
  for (const identifier of commit.point) pointers.set(identifier, commit.target);
  for (const [profile, anchor] of commit.issued)
    if (!workspace.issued.has(profile)) workspace.issued.set(profile, anchor);
  workspace.outbox.push(...commit.outbox);
  return true;
}
