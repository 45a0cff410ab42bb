export { BANDS, type Band } from './decide/bands.ts';
export { AGREEMENTS, VETOES, type Veto } from './decide/guard.ts';
export { evaluate, type Quality } from './evaluate.ts';
export { type Linkage, type LinkOptions, linkRecords } from './link.ts';
export { CELL_COLUMNS, type Cell, cellsOf, columnsOfRecords, type RecordColumn } from './live/columns.ts';
export { createKeysOf, type LikelyPair, likelyPairs } from './live/pairs.ts';
export { boundModel } from './model.ts';
export { type Contribution, candidateKeys, type RawRecord, type ScoredPair, scoreAgainst, scorePair } from './score.ts';
export { COLUMN_KINDS, type Column, type ColumnBuilder, type ColumnKind, createColumn } from './table.ts';
