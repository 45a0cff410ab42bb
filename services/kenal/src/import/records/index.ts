export { countRecords, type RecordsGrowth, recordsGrowth } from './census.ts';
export { checkRecords, type RecordsCheck } from './check.ts';
export { prepareRecords } from './prepare.ts';
export { type RecordsResult, runRecords } from './run.ts';
