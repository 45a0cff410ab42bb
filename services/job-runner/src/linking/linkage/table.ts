import {
  boundModel,
  COLUMN_KINDS,
  type ColumnBuilder,
  createColumn,
  createKeysOf,
  type Linkage,
  likelyPairs,
  linkRecords,
} from '@kenal/identity/linkage';
import { doubtOf } from './doubt.ts';
import type { LinkageThreadData, OwnerPair, RowKeys, TableRow } from './messages.ts';

/** A table of records that is filled, linked, and told of. Pure: the thread around it does the talking. */
export interface Table {
  add(rows: readonly TableRow[]): void;
  link(onStep: (step: string) => void): Linkage;
  keys(linkage: Linkage): Generator<RowKeys>;
  /** Pairs of owners from even odds on, in the order in which they were found. */
  pairs(linkage: Linkage): Iterable<OwnerPair>;
}

export function createTable({ columns, seed, model, modelBytes }: LinkageThreadData): Table {
  const builders = new Map<string, ColumnBuilder>();
  for (const { name, kind } of columns) builders.set(name, createColumn(name, kind));
  // What the model compares and the configuration no longer names is missing in every record
  for (const { name } of model?.sources.flatMap((source) => source.columns) ?? [])
    if (!builders.has(name)) builders.set(name, createColumn(name, COLUMN_KINDS.trait));
  const owners: number[] = [];

  return {
    add(rows) {
      for (const { owner, cells } of rows) {
        owners.push(owner);
        let i = 0;
        for (const builder of builders.values()) builder.add(cells[i++] ?? '');
      }
    },
    link(onStep) {
      const built = Array.from(builders.values(), (builder) => builder.build());
      const linkage = linkRecords(built, owners.length, { seed, onStep, ...(model === null ? {} : { model }) });
      const bounded = boundModel(linkage.model, modelBytes);
      // What is stored and what is scored are one model
      return bounded === linkage.model ? linkage : linkRecords(built, owners.length, { seed, onStep, model: bounded });
    },
    *keys(linkage) {
      const keysOf = createKeysOf(linkage);
      for (let row = 0; row < owners.length; row += 1) yield { row, keys: keysOf(row) };
    },
    pairs: (linkage) => bestByOwners(linkage, owners),
  };
}

function bestByOwners(linkage: Linkage, owners: readonly number[]): Iterable<OwnerPair> {
  const best = new Map<number, OwnerPair>();
  for (const { a, b, scored, together } of likelyPairs(linkage)) {
    const [x, y] = [owners[a]!, owners[b]!];
    if (x === y) continue;
    const [low, high] = x < y ? [x, y] : [y, x];
    const name = low * owners.length + high;
    const known = best.get(name);
    if (known !== undefined && known.score >= scored.score) continue;
    best.set(name, {
      owners: [low, high],
      rows: x < y ? [a, b] : [b, a],
      score: scored.score,
      probability: scored.probability,
      doubt: doubtOf(scored, together),
      waterfall: scored.contributions,
    });
  }
  return best.values();
}
