import type { RecordKind } from '@kenal/contracts';

/** text; decimal: exact, as text; currency: ISO 4217, the workspace's where a record names none. */
export type RecordColumnType = 'text' | 'decimal' | 'currency';

/** What a kind of record is known by, and what is known of it. */
interface KindOfRecord {
  readonly columns: Readonly<Record<string, RecordColumnType>>;
  readonly required: readonly string[];
  /** What an id is made of where a record has none of its own. */
  readonly id: readonly string[];
}

/** The columns that a view of infra/clickhouse shows of each kind; whatever else a record has stays in its values. */
export const RECORD_COLUMNS: Readonly<Record<RecordKind, KindOfRecord>> = {
  item: {
    columns: { name: 'text', category: 'text', brand: 'text', supplier: 'text', unit: 'text' },
    required: [],
    id: [],
  },
  price: {
    columns: { item_id: 'text', amount: 'decimal', currency: 'currency', list: 'text' },
    required: ['item_id', 'amount', 'currency'],
    id: ['item_id', 'currency', 'list'],
  },
  cost: {
    columns: { item_id: 'text', amount: 'decimal', currency: 'currency', supplier: 'text' },
    required: ['item_id', 'amount', 'currency'],
    id: ['item_id', 'currency', 'supplier'],
  },
  stock: {
    columns: { item_id: 'text', location: 'text', quantity: 'decimal' },
    required: ['item_id', 'quantity'],
    id: ['item_id', 'location'],
  },
  campaign: {
    columns: { name: 'text', channel: 'text', budget: 'decimal', cost: 'decimal', currency: 'currency' },
    required: [],
    id: [],
  },
  account: {
    columns: { name: 'text', parent_id: 'text', industry: 'text', owner: 'text', country: 'text' },
    required: [],
    id: [],
  },
};
