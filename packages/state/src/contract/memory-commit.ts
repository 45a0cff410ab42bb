import type { ComponentCommit, IdentifierKey, Micros, OutboxMessage, ParkedLeaf } from '@kenal/contracts';

interface Component {
  version: number;
  readonly fields: Map<string, string>;
}

/** All that the model keeps of one workspace. */
export interface Workspace {
  readonly components: Map<string, Component>;
  readonly pointers: Map<IdentifierKey, string>;
  readonly parked: Map<IdentifierKey, ParkedLeaf>;
  readonly shelves: Map<IdentifierKey, Map<IdentifierKey, Micros>>;
  readonly issued: Map<string, IdentifierKey>;
  readonly outbox: OutboxMessage[];
  readonly processed: Map<number, number>;
}

function holds({ components, pointers, parked, shelves }: Workspace, commit: ComponentCommit): boolean {
  const isKnown = (identifier: IdentifierKey) => pointers.has(identifier) || parked.has(identifier);
  return (
    [...commit.expect].every(([id, version]) => (components.get(id)?.version ?? 0) === version) &&
    !commit.absent.some(isKnown) &&
    (commit.unchanged ?? []).every(
      ({ component, field, text }) => (components.get(component)?.fields.get(field) ?? null) === text,
    ) &&
    [...(commit.shelfSizes ?? [])].every(([centre, size]) => (shelves.get(centre)?.size ?? 0) === size) &&
    !commit.detach?.some(({ id }) => components.has(id))
  );
}

/** Apply a commit to the model, or nothing of it. @returns whether what it relies on is so */
export function write(workspace: Workspace, commit: ComponentCommit): boolean {
  if (!holds(workspace, commit)) return false;
  const { components, issued } = workspace;
  const target = components.get(commit.target) ?? { version: 0, fields: new Map<string, string>() };
  for (const id of commit.absorb) {
    for (const [name, value] of components.get(id)?.fields ?? []) target.fields.set(name, value);
    components.delete(id);
  }
  for (const name of commit.unset) target.fields.delete(name);
  for (const [name, value] of commit.set) target.fields.set(name, value);
  target.version += 1;
  for (const identifier of commit.point) place(workspace, identifier, commit.target);
  for (const { id, fields, point } of commit.detach ?? []) {
    const piece = { version: 1, fields: new Map<string, string>() };
    for (const name of fields) {
      const value = target.fields.get(name);
      if (value !== undefined) piece.fields.set(name, value);
      target.fields.delete(name);
    }
    keep(components, id, piece);
    for (const identifier of point) place(workspace, identifier, id);
  }
  keep(components, commit.target, target);
  for (const [leaf, parked] of commit.park ?? []) place(workspace, leaf, parked);
  for (const { centre, leaf, rank } of commit.shelve ?? []) shelve(workspace, centre, leaf, rank);
  for (const identifier of commit.forget ?? []) {
    place(workspace, identifier, null);
    workspace.shelves.delete(identifier);
  }
  for (const [profile, anchor] of commit.issued) if (!issued.has(profile)) issued.set(profile, anchor);
  for (const profile of commit.recall ?? []) issued.delete(profile);
  workspace.outbox.push(...commit.outbox);
  return true;
}

function keep(components: Workspace['components'], id: string, component: Component): void {
  if (component.fields.size > 0) components.set(id, component);
  else components.delete(id);
}

function place({ pointers, parked }: Workspace, identifier: IdentifierKey, where: string | ParkedLeaf | null): void {
  pointers.delete(identifier);
  parked.delete(identifier);
  if (typeof where === 'string') pointers.set(identifier, where);
  else if (where !== null) parked.set(identifier, where);
}

function shelve({ shelves }: Workspace, centre: IdentifierKey, leaf: IdentifierKey, rank: Micros | null): void {
  const entries = shelves.get(centre) ?? new Map<IdentifierKey, Micros>();
  if (rank === null) entries.delete(leaf);
  else entries.set(leaf, rank);
  shelves.set(centre, entries);
}
