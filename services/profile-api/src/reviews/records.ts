import type { IdentityState, KenalConfig } from '@kenal/contracts';
import { sourceRecordOf } from '@kenal/identity';
import { cellsOf, columnsOfRecords, type RecordColumn } from '@kenal/identity/linkage';
import type { Suggestion } from './queue.ts';

/** What both records say of one thing; null where one says nothing. */
export interface ComparedField {
  readonly field: string;
  readonly a: string | null;
  readonly b: string | null;
}

/** Both records of a pair side by side, as they stand today: what the pass compares. */
export type CompareRecords = (workspace: string, pair: Suggestion) => Promise<readonly ComparedField[]>;

export function createCompareRecords(state: Pick<IdentityState, 'load'>, config: KenalConfig): CompareRecords {
  const columns = new Map<string, readonly RecordColumn[]>(
    config.workspaces.map(({ id, identity, linkage }) => [id, columnsOfRecords(identity.types, linkage.traits)]),
  );
  return async function compareRecords(workspace, { a, b, source_a, source_b }) {
    const own = columns.get(workspace) ?? [];
    const { pointers, components } = await state.load(workspace, [a, b]);
    const cells = [[a, source_a] as const, [b, source_b] as const].map(
      ([owner, source]): Readonly<Record<string, string>> => {
        const component = components.get(pointers.get(owner) ?? '');
        if (component === undefined) return {};
        const { traits, identifiers } = sourceRecordOf(component.fields, owner, source);
        return cellsOf(own, traits, identifiers);
      },
    );
    const [left = {}, right = {}] = cells;
    return own
      .map(({ name }) => ({ field: name, a: left[name] ?? null, b: right[name] ?? null }))
      .filter((field) => field.a !== null || field.b !== null);
  };
}
