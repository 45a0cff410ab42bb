import { COLUMN_KINDS, type ColumnKind } from '@kenal/identity/linkage';
import { UsageError } from '../cli/usage-error.ts';
import type { PeopleMapping } from './people-mapping.ts';

/** A column of the file that takes part. */
export interface MappedColumn {
  /** What the mapping calls it; no two are called the same. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** What the file calls it. */
  readonly column: string;
}

/**
 * Each column of the file once, under the first name that the mapping has for it.
 * @param there what the file's columns are called
 * @throws UsageError that names the place of a column which the file does not have
 */
export function mappedColumns(
  mapping: PeopleMapping,
  there: readonly string[],
  mapPath: string,
): readonly MappedColumn[] {
  const check = (column: string, where: string): void => {
    if (!there.includes(column))
      throw new UsageError(
        `${mapPath}: ${where} names the column ${column}, which the file does not have; it has ${there.join(', ')}`,
      );
  };
  check(mapping.id, 'id');
  if (mapping.truth) check(mapping.truth, 'truth');
  if (mapping.source) check(mapping.source, 'source');
  const taken = new Map<string, MappedColumn>();
  const names = new Set<string>();
  for (const { name, kind, column, where } of namedColumns(mapping)) {
    check(column, where);
    if (taken.has(column)) continue;
    let own = name;
    for (let i = 2; names.has(own); i += 1) own = `${name}_${i}`;
    names.add(own);
    taken.set(column, { name: own, kind, column });
  }
  return [...taken.values()];
}

/** As the mapping names them; `where` is the place there, for messages. */
function namedColumns({ identifiers, traits, other }: PeopleMapping): (MappedColumn & { readonly where: string })[] {
  const named = { [COLUMN_KINDS.identifier]: { identifiers }, [COLUMN_KINDS.trait]: { traits } };
  return [
    ...Object.entries(named).flatMap(([kind, groups]) =>
      Object.entries(groups).flatMap(([key, group]) =>
        Object.entries(group).flatMap(([name, columns]) =>
          [columns ?? []].flat().map((column) => ({
            ...{ name, kind: kind as ColumnKind, column, where: `${key}.${name}` },
          })),
        ),
      ),
    ),
    ...(other ?? []).map((column) => ({ name: column, kind: COLUMN_KINDS.other, column, where: 'other' })),
  ];
}
