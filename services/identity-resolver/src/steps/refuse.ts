import type { Clock, EventLog, FailedEvent } from '@kenal/contracts';
import { createTopicWriter, failedItem, type RefusedRecord } from '@kenal/event-log';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import type { Refused } from '../work.ts';

const NO_BYTES = new Uint8Array();

/** Keep what could not be processed, with its bytes and its reason, as failed events. */
export function createRefuseStep(log: EventLog, clock: Clock, metrics: ResolverMetrics) {
  const writer = createTopicWriter<FailedEvent>(log, 'failed');
  return async function refuse(refused: readonly Refused[]): Promise<void> {
    if (refused.length === 0) return;
    const failedAt = clock();
    for (const { code } of refused) metrics.refused.inc({ code });
    await writer.append(
      refused.map(({ record, interaction, code, reason }) => {
        // Of an erased person nothing may be kept but that the event came: ids hold addresses too
        const isErased = code === 'event_erased';
        const failed: RefusedRecord = {
          // The same record fails under the same id however often it is read
          failureId: `${record.topic}/${record.partition}/${record.offset}`,
          workspace: interaction?.workspace ?? '',
          source: interaction?.source ?? '',
          messageId: isErased ? '' : (interaction?.id ?? ''),
          receivedAt: interaction?.receivedAt ?? record.timestamp * 1_000,
          failedAt,
          stage: 'resolver',
          code,
          reason,
          body: isErased ? NO_BYTES : new Uint8Array(record.value),
          contentType: 'application/avro',
          receipt: interaction?.receipt ?? null,
        };
        return failedItem(failed, record);
      }),
    );
  };
}
