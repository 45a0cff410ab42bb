export { CATALOGUE, type CatalogueEntry, type ErrorCode } from './catalogue.ts';
export { isKenalError, KenalError } from './kenal-error.ts';
