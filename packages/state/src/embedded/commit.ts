import type { ComponentCommit, DetachedPiece, IdentifierKey, Micros } from '@kenal/contracts';
import { encodeParked } from '../parked.ts';
import { byCentre } from '../shelving.ts';
import { recordOf } from './load.ts';
import type { Statements } from './statements.ts';

/** Apply one commit, or write nothing where something that it relies on is not so. To be called in a transaction. */
export function commitOne(statements: Statements, workspace: string, commit: ComponentCommit): boolean {
  if (!holds(statements, workspace, commit)) return false;
  apply(statements, workspace, commit);
  return true;
}

function holds(statements: Statements, workspace: string, commit: ComponentCommit): boolean {
  for (const [component, expected] of commit.expect)
    if (versionOf(statements, workspace, component) !== expected) return false;
  for (const identifier of commit.absent) if (recordOf(statements, workspace, identifier) !== undefined) return false;
  for (const { component, field, text } of commit.unchanged ?? []) {
    const row = statements.field.get(workspace, component, field) as unknown as [string] | undefined;
    if ((row?.[0] ?? null) !== text) return false;
  }
  for (const [centre, size] of commit.shelfSizes ?? []) {
    const head = statements.shelf.get(workspace, centre) as unknown as [id: number, size: number] | undefined;
    if ((head?.[1] ?? 0) !== size) return false;
  }
  for (const { id } of commit.detach ?? []) if (versionOf(statements, workspace, id) !== 0) return false;
  return true;
}

function versionOf(statements: Statements, workspace: string, component: string): number {
  return (statements.version.get(workspace, component) as unknown as [number] | undefined)?.[0] ?? 0;
}

function apply(statements: Statements, workspace: string, commit: ComponentCommit): void {
  const { target } = commit;
  for (const source of commit.absorb) {
    statements.move.run(target, workspace, source);
    statements.gone.run(workspace, source);
  }
  for (const name of commit.unset) statements.unset.run(workspace, target, name);
  for (const [name, value] of commit.set) statements.set.run(workspace, target, name, value);
  statements.set.run(workspace, target, '', commit.expect.get(target)! + 1);
  for (const identifier of commit.point) statements.point.run(workspace, identifier, target);
  if (commit.set.size === 0 || hasRare(commit)) applyRare(statements, workspace, commit);
  for (const [profile, anchor] of commit.issued) statements.issue.run(workspace, profile, anchor);
  for (const profile of commit.recall ?? []) statements.recall.run(workspace, profile);
  for (const message of commit.outbox) statements.outbox.run(workspace, message.key, message.value);
}

/** Whether there is more to write than most commits have. */
function hasRare({ detach, park, shelve, forget }: ComponentCommit): boolean {
  return (detach ?? park ?? shelve ?? forget) !== undefined;
}

function applyRare(statements: Statements, workspace: string, commit: ComponentCommit): void {
  const { target, detach: pieces = [], park = new Map(), shelve: entries = [], forget = [] } = commit;
  for (const piece of pieces) detach(statements, workspace, target, piece);
  dropIfEmpty(statements, workspace, target);
  for (const [leaf, parked] of park) statements.point.run(workspace, leaf, encodeParked(parked));
  for (const [centre, ranks] of byCentre(entries)) shelve(statements, workspace, centre, ranks);
  for (const identifier of forget) {
    statements.forget.run(workspace, identifier);
    statements.dropShelf.run(workspace, identifier);
  }
}

function detach(statements: Statements, workspace: string, target: string, { id, fields, point }: DetachedPiece): void {
  for (const name of fields) statements.detach.run(id, workspace, target, name);
  statements.set.run(workspace, id, '', 1);
  dropIfEmpty(statements, workspace, id);
  for (const identifier of point) statements.point.run(workspace, identifier, id);
}

function dropIfEmpty(statements: Statements, workspace: string, component: string): void {
  if (statements.anyField.get(workspace, component) === undefined) statements.gone.run(workspace, component);
}

function shelve(
  statements: Statements,
  workspace: string,
  centre: IdentifierKey,
  entries: ReadonlyMap<IdentifierKey, Micros | null>,
): void {
  const head = statements.shelf.get(workspace, centre) ?? statements.newShelf.get(workspace, centre);
  let [id, size] = head as unknown as [number, number];
  for (const [leaf, rank] of entries) {
    if (rank === null) size -= Number(statements.takeLeaf.run(id, leaf).changes);
    else if (Number(statements.addLeaf.run(id, leaf, rank).changes) === 1) size += 1;
    else statements.rerankLeaf.run(rank, id, leaf);
  }
  if (size === 0) statements.dropShelf.run(workspace, centre);
  else statements.resize.run(size, id);
}
