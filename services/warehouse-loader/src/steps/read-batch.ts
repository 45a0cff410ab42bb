import {
  type Change,
  type FailedEvent,
  type LogBatch,
  type ReceiptCount,
  type Resolved,
  type StoredRecord,
  TOPICS,
} from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { addPosition, addRow, type Load } from '../load.ts';
import { changeRows } from './change-rows.ts';
import { interactionRow } from './interaction-row.ts';
import { countRow, failedReceiptRow, failedRow, storedReceiptRow } from './ledger-rows.ts';

export interface ReadBatchDeps {
  /** ISO 4217 code of a workspace's currency; '' where it has none. */
  readonly currencyOf: (workspace: string) => string;
}

type ReadRecord = (load: Load, record: StoredRecord) => void;

/** Step: decode the records of a batch and add their rows, and the position behind them, to the load. */
export function createReadBatchStep({ currencyOf }: ReadBatchDeps): (load: Load, batch: LogBatch) => void {
  const resolved = createCodec<Resolved>('resolved');
  const changes = createCodec<Change>('change');
  const failed = createCodec<FailedEvent>('failed');
  const counts = createCodec<ReceiptCount>('receipt-count');

  const readers: Readonly<Record<string, ReadRecord>> = {
    [TOPICS.resolved.name]: (load, origin) => {
      const value = resolved.decode(origin.value);
      addRow(load, 'interactions', {
        line: interactionRow(value, currencyOf(value.interaction.workspace)),
        origin,
      });
      addRow(load, 'receipts', { line: storedReceiptRow(value.interaction), origin });
    },
    [TOPICS.changes.name]: (load, origin) => {
      const rows = changeRows(changes.decode(origin.value));
      addRow(load, 'profiles', { line: rows.profile, origin });
      for (const line of rows.identifiers) addRow(load, 'identifiers', { line, origin });
      load.overrides.push(...rows.overrides);
    },
    [TOPICS.failed.name]: (load, origin) => {
      const value = failed.decode(origin.value);
      addRow(load, 'failed', { line: failedRow(value), origin });
      const receipt = failedReceiptRow(value);
      if (receipt !== null) addRow(load, 'receipts', { line: receipt, origin });
    },
    [TOPICS.receipts.name]: (load, origin) =>
      addRow(load, 'counts', { line: countRow(counts.decode(origin.value)), origin }),
  };

  return function readBatch(load, batch) {
    const read = readers[batch.topic];
    if (read === undefined) throw new Error(`no reader for topic ${batch.topic}`);
    for (const record of batch.records) {
      try {
        read(load, record);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        load.refused.push({ origin: record, code: 'event_undecodable', reason });
      }
    }
    addPosition(load, batch);
  };
}
