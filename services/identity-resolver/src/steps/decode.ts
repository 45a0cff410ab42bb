import type { Interaction, LogBatch } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { type Decoded, type Refused, reasonOf, type Sorted } from '../work.ts';

/** Read the records of a round. What is no interaction is refused with its bytes. */
export function createDecodeStep() {
  const codec = createCodec<Interaction>('interaction');
  return function decode(batches: readonly LogBatch[]): Sorted<Decoded> {
    const passed: Decoded[] = [];
    const refused: Refused[] = [];
    for (const record of batches.flatMap((batch) => batch.records)) {
      try {
        passed.push({ record, interaction: codec.decode(record.value) });
      } catch (error) {
        refused.push({ record, interaction: null, code: 'event_undecodable', reason: reasonOf(error) });
      }
    }
    return { passed, refused };
  };
}
