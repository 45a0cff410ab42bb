import type { LinkageModel } from '@kenal/contracts';
import { combineKeys } from './block/keys.ts';
import { type Band, bandOf, probabilityOf } from './decide/bands.ts';
import { encode } from './encode.ts';
import { type Contribution, createFrame, type PairScore, parametersOf, ratesOfModel, weigh } from './frame.ts';
import { keyOf } from './live/pairs.ts';
import { COLUMN_KINDS, createColumn } from './table.ts';

/** A record as it came: column → cell. */
export type RawRecord = Readonly<Record<string, string | undefined>>;

export interface ScoredPair extends PairScore {
  readonly probability: number;
  readonly band: Band;
}
export type { Contribution };

/** Weigh two records under a model, with the waterfall. The same code as scores whole files. */
export function scorePair(model: LinkageModel, a: RawRecord, b: RawRecord): ScoredPair {
  return scoreAgainst(model, a, [b])[0]!;
}

/** Weigh one record against each of its candidates. */
export function scoreAgainst(
  model: LinkageModel,
  record: RawRecord,
  others: readonly RawRecord[],
): readonly ScoredPair[] {
  const frame = createFrame(encodeRaw(model, [record, ...others]), parametersOf(model), ratesOfModel(model));
  return others.map((_, i) => {
    const weighed = weigh(frame, 0, i + 1);
    return { ...weighed, probability: probabilityOf(weighed.score), band: bandOf(weighed) };
  });
}

/** Keys under which a record is to be looked for and stored: records that share one are candidates for each other. */
export function candidateKeys(model: LinkageModel, record: RawRecord): readonly string[] {
  const sources = encodeRaw(model, [record]);
  const hashes = new Int32Array(1);
  return model.blocking.flatMap((parts, index) => {
    combineKeys(parts, sources, hashes);
    const hash = hashes[0]!;
    return hash === 0 ? [] : [keyOf(index, hash)];
  });
}

function encodeRaw(model: LinkageModel, records: readonly RawRecord[]) {
  const names = new Set(model.sources.flatMap(({ columns }) => columns.map(({ name }) => name)));
  const columns = [...names].map((name) => {
    const column = createColumn(name, COLUMN_KINDS.trait);
    for (const record of records) column.add(record[name]?.trim() ?? '');
    return column.build();
  });
  return encode(
    model.sources,
    columns,
    Int32Array.from(records, (_, i) => i),
  );
}
