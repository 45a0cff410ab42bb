export { readMappingFile } from './mapping-file.ts';
export { prepareImport } from './prepare.ts';
export { runImport } from './run-import.ts';
