import { FAILED_BODY, type Interaction, interactionSchema } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createCodec } from '@kenal/event-log';
import type { Acceptor } from '../acceptor.ts';
import type { BlobStore } from '../blobs.ts';
import type { EventBatch } from '../event-batch.ts';
import { faultOf } from '../fault.ts';
import { isRecord } from '../json/inspect.ts';
import type { Source } from '../source.ts';
import { readJson } from '../webhook/payload.ts';
import { textOf } from '../webhook/read.ts';
import type { BatchAgain, Told } from './batch-again.ts';
import type { FailedAgain } from './request.ts';
import { withWholeBody } from './whole-body.ts';

export interface Resend {
  /** What would be refused now, without keeping anything; a body that comes to no event is. */
  check(source: Source, failed: FailedAgain): Promise<readonly Told[]>;
  /** Accept it, under the ids of the first time. @throws KenalError `log_unavailable` */
  send(source: Source, failed: FailedAgain): Promise<number>;
}

export function createResend(acceptor: Acceptor, blobs: BlobStore, batchOf: BatchAgain): Resend {
  const avro = createCodec<Interaction>('interaction');

  /** @returns null where the body is none; from a public key none can be, whatever its content type says */
  function interactionOf({ contentType, body, frame }: FailedAgain): Interaction | null {
    if (frame.isPublic === true) return null;
    if (contentType.startsWith(FAILED_BODY.avro)) return avro.decode(body);
    if (!contentType.startsWith(FAILED_BODY.interaction)) return null;
    const parsed = readJson(body);
    const checked = interactionSchema.safeParse(parsed.ok ? parsed.value : null);
    if (checked.success) return checked.data;
    const [issue] = checked.error.issues;
    throw new KenalError('bad_body', issue?.message, { path: `$.${issue?.path.join('.')}` });
  }

  async function eventsOf(source: Source, failed: FailedAgain) {
    const { batch, faults } = await batchOf(source, failed);
    const isNamed = failed.original === '' || batch.of === 'records';
    const again: EventBatch = {
      ...batch,
      events: isNamed ? batch.events : batch.events.map((event, i) => named(event, failed.original, i)),
      receivedAt: failed.receivedAt,
      isPublic: batch.isPublic ?? failed.frame.isPublic === true,
    };
    return { batch: again, faults };
  }

  return {
    async check(source, kept) {
      const failed = await withWholeBody(blobs, kept);
      if (interactionOf(failed) !== null) return [];
      const { batch, faults } = await eventsOf(source, failed);
      if (faults.length === 0 && batch.events.length === 0) return [faultOf('bad_body', '$', 'it comes to no event')];
      return [...faults, ...(await acceptor.check(source, batch))];
    },
    async send(source, kept) {
      const failed = await withWholeBody(blobs, kept);
      const interaction = interactionOf(failed);
      if (interaction !== null) {
        await acceptor.acceptInteraction(source, interaction);
        return 1;
      }
      return (await acceptor.accept(source, (await eventsOf(source, failed)).batch)).accepted;
    },
  };
}

/**
 * An event without an id gets one of its content: repaired in two ways, it would be two events. So it is named by the
 * bytes as they came, which are one.
 */
function named(event: unknown, original: string, index: number): unknown {
  if (!isRecord(event) || textOf(event.messageId) !== null) return event;
  return { ...event, messageId: `kenal-${original.slice(0, 40)}${index === 0 ? '' : `.${index}`}` };
}
