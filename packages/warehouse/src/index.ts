export { type CustomerDaysAsk, refreshCustomerDays } from './customer-days/refresh.ts';
export { damageOf } from './damage.ts';
export { applyErased, type ErasedIdentifier, erasedSince, hideFailed, namesErased } from './erased.ts';
export { verifyLiveCopies } from './live-copies.ts';
export { MIGRATIONS, type MigrateOptions, migrate } from './migrate.ts';
export {
  connectWarehouse,
  type EmbeddedWarehouse,
  type OpenWarehouseOptions,
  openEmbeddedWarehouse,
  openWarehouse,
} from './open-warehouse.ts';
export { applyOverrides, applyReturned, type Override } from './overrides.ts';
export { formatParam, unescapeParam } from './param-text.ts';
export { rowVersion } from './row-version.ts';
export { type Column, columnsOf, writeList, writeNullable } from './rows/columns.ts';
export { createRowEncoder, type RowEncoder, type RowShape } from './rows/row-encoder.ts';
export type { RowWriter } from './rows/row-writer.ts';
export { SAID_AT } from './said-at.ts';
export { type FaultKind, isSqlError, SqlError } from './sql-error.ts';
export { storableJson } from './storable-json.ts';
export { viewNames } from './view-names.ts';
export type { QueryOptions, RawAnswer, RawOptions, Role, Settings, Warehouse } from './warehouse.ts';
