import action1 from '@kenal/schemas/action.v1.json' with { type: 'json' };
import change1 from '@kenal/schemas/change.v1.json' with { type: 'json' };
import change2 from '@kenal/schemas/change.v2.json' with { type: 'json' };
import change3 from '@kenal/schemas/change.v3.json' with { type: 'json' };
import computed1 from '@kenal/schemas/computed.v1.json' with { type: 'json' };
import directive1 from '@kenal/schemas/directive.v1.json' with { type: 'json' };
import failed1 from '@kenal/schemas/failed.v1.json' with { type: 'json' };
import failed2 from '@kenal/schemas/failed.v2.json' with { type: 'json' };
import interaction1 from '@kenal/schemas/interaction.v1.json' with { type: 'json' };
import read1 from '@kenal/schemas/read.v1.json' with { type: 'json' };
import receiptCount1 from '@kenal/schemas/receipt-count.v1.json' with { type: 'json' };
import record1 from '@kenal/schemas/record.v1.json' with { type: 'json' };
import record2 from '@kenal/schemas/record.v2.json' with { type: 'json' };
import resolved1 from '@kenal/schemas/resolved.v1.json' with { type: 'json' };
import setting1 from '@kenal/schemas/setting.v1.json' with { type: 'json' };
import setting2 from '@kenal/schemas/setting.v2.json' with { type: 'json' };
import type { SchemaName } from './flow.ts';
import type { JsonValue } from './json.ts';

/** One version of one Avro schema. Ids are static, committed, never used again for something else. */
export interface SchemaVersion {
  readonly id: number;
  readonly name: SchemaName;
  readonly version: number;
  readonly schema: JsonValue;
}

/** Every version ever written, oldest first. Append only: a test compares the older ones with their committed hashes. */
export const SCHEMAS: readonly SchemaVersion[] = [
  { id: 1, name: 'interaction', version: 1, schema: interaction1 },
  { id: 2, name: 'resolved', version: 1, schema: resolved1 },
  { id: 3, name: 'failed', version: 1, schema: failed1 },
  { id: 4, name: 'change', version: 1, schema: change1 },
  { id: 5, name: 'receipt-count', version: 1, schema: receiptCount1 },
  { id: 6, name: 'directive', version: 1, schema: directive1 },
  { id: 7, name: 'change', version: 2, schema: change2 },
  { id: 8, name: 'failed', version: 2, schema: failed2 },
  { id: 9, name: 'record', version: 1, schema: record1 },
  { id: 10, name: 'record', version: 2, schema: record2 },
  { id: 11, name: 'computed', version: 1, schema: computed1 },
  { id: 12, name: 'change', version: 3, schema: change3 },
  { id: 13, name: 'action', version: 1, schema: action1 },
  { id: 14, name: 'setting', version: 1, schema: setting1 },
  { id: 15, name: 'read', version: 1, schema: read1 },
  { id: 16, name: 'setting', version: 2, schema: setting2 },
];
