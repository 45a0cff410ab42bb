import type { DatabaseSync } from 'node:sqlite';
import type { ComponentCommit, ComponentSnapshot, IdentifierKey, LoadedState, ShelfQuery } from '@kenal/contracts';
import { transaction } from '@kenal/storage-kit/sqlite';
import { checkCommit, checkShelves } from '../check-commit.ts';
import { commitOne } from './commit.ts';
import { fenceOf, loadAll, loadOne } from './load.ts';
import { prepareStatements, type Statements } from './statements.ts';

/** A page of a scan ends with the component that reaches either. */
const COMPONENTS_A_PAGE = 200;
const FIELDS_A_PAGE = 20_000;

export interface Components {
  load(workspace: string, identifiers: readonly IdentifierKey[], shelves?: readonly ShelfQuery[]): LoadedState;
  commit(workspace: string, commits: readonly ComponentCommit[], fence?: number): boolean[];
  anchor(workspace: string, profileId: string): IdentifierKey | null;
  scan(workspace: string, cursor: string | null): { components: ComponentSnapshot[]; cursor: string | null };
}

/** Evidence, pointers, shelves and issued ids: the part of the state that a resolver reads and writes with every batch. */
export function createComponents(db: DatabaseSync): Components {
  const statements = prepareStatements(db);
  return {
    load(workspace, identifiers, shelves = []) {
      checkShelves(shelves);
      return transaction(db, 'DEFERRED', () => loadAll(statements, workspace, identifiers, shelves));
    },
    commit(workspace, commits, fence) {
      for (const commit of commits) checkCommit(commit);
      // A refused commit has written nothing when it is refused, so one transaction serves them all.
      return transaction(db, 'IMMEDIATE', () => {
        if (fence !== undefined && fenceOf(statements, workspace) > fence) return commits.map(() => false);
        return commits.map((commit) => commitOne(statements, workspace, commit));
      });
    },
    anchor(workspace, profileId) {
      const row = statements.anchor.get(workspace, profileId) as unknown as [string] | undefined;
      return row?.[0] ?? null;
    },
    scan: (workspace, cursor) => transaction(db, 'DEFERRED', () => page(statements, workspace, cursor ?? '')),
  };
}

/** Components by id: one that exists all the while is met when its id is passed, whatever comes and goes around it. */
function page(statements: Statements, workspace: string, after: string) {
  const components: ComponentSnapshot[] = [];
  let cursor = after;
  for (let fields = 0; components.length < COMPONENTS_A_PAGE && fields < FIELDS_A_PAGE; ) {
    const row = statements.next.get(workspace, cursor) as unknown as [string] | undefined;
    if (row === undefined) return { components, cursor: null };
    cursor = row[0];
    const component = loadOne(statements, workspace, cursor);
    components.push(component);
    fields += component.fields.size;
  }
  return { components, cursor };
}
