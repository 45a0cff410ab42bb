export { type Growth, growthOf, takeCensus } from './census.ts';
export { checkImport, type ImportCheck } from './check-import.ts';
export { readMappingFile } from './mapping-file.ts';
export { createNobodyCount, type Nobodies, normaliserFor } from './nobodies.ts';
export { prepareImport } from './prepare.ts';
export { type Revocation, revocationInWords, revocationOf } from './revocation.ts';
export { runImport } from './run-import.ts';
export { undeclaredTypes } from './undeclared.ts';
