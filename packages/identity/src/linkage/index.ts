export { BANDS, type Band } from './decide/bands.ts';
export { VETOES, type Veto } from './decide/guard.ts';
export { evaluate, type Quality } from './evaluate.ts';
export { createHelperTasks, type Helper, type HelperTask } from './helper.ts';
export { type Linkage, type LinkOptions, linkRecords } from './link.ts';
export { type Contribution, candidateKeys, type RawRecord, type ScoredPair, scoreAgainst, scorePair } from './score.ts';
export { COLUMN_KINDS, type Column, type ColumnBuilder, type ColumnKind, createColumn } from './table.ts';
