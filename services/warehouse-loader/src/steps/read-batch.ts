import {
  type Change,
  type Clock,
  type Directive,
  type FailedEvent,
  type LogBatch,
  type Read,
  type ReceiptCount,
  type ReferenceRecord,
  type Resolved,
  type StoredRecord,
  TOPICS,
} from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { addPosition, addRow, type Load } from '../load.ts';
import {
  erasedOf,
  identifierOf,
  identifierRows,
  identityLogRows,
  overridesOf,
  profileRows,
  returningOf,
  stepsOf,
} from './change-rows.ts';
import { copyTimeRows, dependsOnCopy } from './copy-times.ts';
import { directiveRows } from './directive-rows.ts';
import { interactionRows, waitsForPerson } from './interaction-row.ts';
import { countRows, failedChangeRows, failedRows, receiptRows, refusedReceipt, storedReceipt } from './ledger-rows.ts';
import { readOrder } from './order.ts';
import { readRows } from './read-rows.ts';
import { recordReceipt, recordRows } from './record-rows.ts';
import { Unstorable } from './unstorable.ts';

export interface ReadBatchDeps {
  /** ISO 4217 code of a workspace's currency; '' where it has none. */
  readonly currencyOf: (workspace: string) => string;
  readonly clock: Clock;
}

type ReadRecord = (load: Load, record: StoredRecord) => void;

/** Step: decode the records of a batch and add their rows, and the position behind them, to the load. */
export function createReadBatchStep({ currencyOf, clock }: ReadBatchDeps): (load: Load, batch: LogBatch) => void {
  const resolved = createCodec<Resolved>('resolved');
  const changes = createCodec<Change>('change');
  const failed = createCodec<FailedEvent>('failed');
  const directives = createCodec<Directive>('directive');
  const records = createCodec<ReferenceRecord>('record');
  const reads = createCodec<Read>('read');
  const counts = createCodec<ReceiptCount>('receipt-count');

  const readers: Readonly<Record<string, ReadRecord>> = {
    [TOPICS.resolved.name]: (load, origin) => {
      const value = resolved.decode(origin.value);
      const { interaction } = value;
      const order = readOrder(interaction, currencyOf(interaction.workspace));
      addRow(load, 'interactions', { bytes: interactionRows.encode({ resolved: value, interaction, order }), origin });
      addRow(load, 'receipts', { bytes: receiptRows.encode(storedReceipt(interaction, clock())), origin });
      const waiting = waitsForPerson(value);
      if (waiting !== null) {
        load.overrides.push(waiting);
        load.returning.add(waiting.owner);
      }
      if (dependsOnCopy(interaction)) addRow(load, 'copyTimes', { bytes: copyTimeRows.encode(interaction), origin });
    },
    [TOPICS.changes.name]: (load, origin) => {
      const change = changes.decode(origin.value);
      addRow(load, 'profiles', { bytes: profileRows.encode(change), origin });
      for (const step of stepsOf(change)) {
        addRow(load, 'identifiers', { bytes: identifierRows.encode(identifierOf(step)), origin });
        addRow(load, 'steps', { bytes: identityLogRows.encode(step), origin });
      }
      load.overrides.push(...overridesOf(change));
      load.erased.push(...erasedOf(change));
      for (const owner of returningOf(change)) load.returning.add(owner);
    },
    [TOPICS.failed.name]: (load, origin) => {
      const { change, ...event } = failed.decode(origin.value);
      if (change !== null) {
        addRow(load, 'failedChanges', { bytes: failedChangeRows.encode({ ...event, change }), origin });
        return;
      }
      const value: FailedEvent = { ...event, change };
      addRow(load, 'failed', { bytes: failedRows.encode(value), origin });
      const { workspace, failureId, receivedAt } = value;
      load.failures.push({ workspace, failureId, receivedAt });
      const receipt = refusedReceipt(value, clock());
      if (receipt !== null) addRow(load, 'receipts', { bytes: receiptRows.encode(receipt), origin });
    },
    [TOPICS.directives.name]: (load, origin) => {
      const directive = directives.decode(origin.value);
      addRow(load, 'directives', { bytes: directiveRows.encode({ directive, offset: origin.offset }), origin });
    },
    [TOPICS.records.name]: (load, origin) => {
      const record = records.decode(origin.value);
      addRow(load, 'records', { bytes: recordRows.encode(record), origin });
      const receipt = recordReceipt(record, clock());
      if (receipt !== null) addRow(load, 'receipts', { bytes: receiptRows.encode(receipt), origin });
    },
    [TOPICS.reads.name]: (load, origin) =>
      addRow(load, 'reads', { bytes: readRows.encode(reads.decode(origin.value)), origin }),
    [TOPICS.receipts.name]: (load, origin) =>
      addRow(load, 'counts', { bytes: countRows.encode(counts.decode(origin.value)), origin }),
  };

  return function readBatch(load, batch) {
    const read = readers[batch.topic];
    if (read === undefined) throw new Error(`no reader for topic ${batch.topic}`);
    for (const record of batch.records) {
      try {
        read(load, record);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const code = error instanceof Unstorable ? 'event_unstorable' : 'event_undecodable';
        load.refused.push({ origin: record, code, reason });
      }
    }
    addPosition(load, batch);
  };
}
