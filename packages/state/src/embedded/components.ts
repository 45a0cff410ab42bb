import type { DatabaseSync } from 'node:sqlite';
import type { ComponentCommit, ComponentSnapshot, IdentifierKey, LoadedState } from '@kenal/contracts';
import { transaction } from '@kenal/storage-kit/sqlite';
import { checkCommit } from '../check-commit.ts';

export interface Components {
  load(workspace: string, identifiers: readonly IdentifierKey[]): LoadedState;
  commit(workspace: string, commits: readonly ComponentCommit[]): boolean[];
  anchor(workspace: string, profileId: string): IdentifierKey | null;
}

/** Evidence, pointers and issued ids: the part of the state that a resolver reads and writes with every batch. */
export function createComponents(db: DatabaseSync): Components {
  const statements = prepare(db);
  return {
    load: (workspace, identifiers) => transaction(db, 'DEFERRED', () => loadAll(statements, workspace, identifiers)),
    commit(workspace, commits) {
      for (const commit of commits) checkCommit(commit);
      // A refused commit has written nothing when it is refused, so one transaction serves them all.
      return transaction(db, 'IMMEDIATE', () => commits.map((commit) => commitOne(statements, workspace, commit)));
    },
    anchor(workspace, profileId) {
      const row = statements.anchor.get(workspace, profileId) as unknown as [string] | undefined;
      return row?.[0] ?? null;
    },
  };
}

type Statements = ReturnType<typeof prepare>;

function prepare(db: DatabaseSync) {
  const statement = (sql: string) => {
    const prepared = db.prepare(sql);
    prepared.setReturnArrays(true); // half the time of objects
    return prepared;
  };
  return {
    pointer: statement('SELECT component FROM pointer WHERE workspace = ? AND identifier = ?'),
    fields: statement('SELECT name, value FROM field WHERE workspace = ? AND component = ?'),
    version: statement(`SELECT value FROM field WHERE workspace = ? AND component = ? AND name = ''`),
    anchor: statement('SELECT anchor FROM issued WHERE workspace = ? AND profile = ?'),
    outbox: statement('INSERT INTO outbox (workspace, key, value) VALUES (?, ?, ?)'),
    move: statement(`UPDATE OR REPLACE field SET component = ? WHERE workspace = ? AND component = ? AND name <> ''`),
    gone: statement(`DELETE FROM field WHERE workspace = ? AND component = ? AND name = ''`),
    unset: statement('DELETE FROM field WHERE workspace = ? AND component = ? AND name = ?'),
    set: statement('INSERT OR REPLACE INTO field (workspace, component, name, value) VALUES (?, ?, ?, ?)'),
    point: statement('INSERT OR REPLACE INTO pointer (workspace, identifier, component) VALUES (?, ?, ?)'),
    issue: statement('INSERT OR IGNORE INTO issued (workspace, profile, anchor) VALUES (?, ?, ?)'),
  };
}

function loadAll(statements: Statements, workspace: string, identifiers: readonly IdentifierKey[]): LoadedState {
  const now = Date.now() * 1_000;
  const pointers = new Map<IdentifierKey, string>();
  const components = new Map<string, ComponentSnapshot>();
  for (const identifier of identifiers) {
    const row = statements.pointer.get(workspace, identifier) as unknown as [string] | undefined;
    if (row === undefined) continue;
    pointers.set(identifier, row[0]);
    if (!components.has(row[0])) components.set(row[0], loadOne(statements, workspace, row[0]));
  }
  return { now, pointers, components };
}

function loadOne(statements: Statements, workspace: string, id: string): ComponentSnapshot {
  const fields = new Map<string, string>();
  let version = 0;
  for (const [name, value] of statements.fields.all(workspace, id) as unknown as [string, string | number][]) {
    if (name === '') version = value as number;
    else fields.set(name, value as string);
  }
  return { id, version, fields };
}

function commitOne(statements: Statements, workspace: string, commit: ComponentCommit): boolean {
  for (const [component, expected] of commit.expect) {
    const row = statements.version.get(workspace, component) as unknown as [number] | undefined;
    if ((row?.[0] ?? 0) !== expected) return false;
  }
  for (const identifier of commit.absent) {
    if (statements.pointer.get(workspace, identifier) !== undefined) return false;
  }
  apply(statements, workspace, commit);
  return true;
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
  for (const [profile, anchor] of commit.issued) statements.issue.run(workspace, profile, anchor);
  for (const message of commit.outbox) statements.outbox.run(workspace, message.key, message.value);
}
