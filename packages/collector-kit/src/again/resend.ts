import type { Interaction } from '@kenal/contracts';
import { interactionSchema } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createCodec } from '@kenal/event-log';
import type { Acceptor } from '../acceptor.ts';
import type { EventBatch, Rejection } from '../event-batch.ts';
import type { Source } from '../source.ts';
import { readJson } from '../webhook/payload.ts';
import type { FailedAgain } from './request.ts';

/** What was wrong, as answers tell it. */
export type Told = Pick<Rejection, 'code' | 'path' | 'reason'>;

/** Events that a failed body comes to, and what of it still cannot be read; each kind of source reads its own. */
export type BatchAgain = (
  source: Source,
  failed: FailedAgain,
) => Promise<{ readonly batch: EventBatch; readonly faults: readonly Told[] }>;

/** An interaction that the identity resolver or the warehouse loader refused, as JSON. */
export const INTERACTION_TYPE = 'application/vnd.kenal.interaction+json';
const AVRO_TYPE = 'application/avro';
const CUT_TYPE = 'application/vnd.kenal.cut';

export interface Resend {
  /** What would be refused now, without keeping anything. */
  check(source: Source, failed: FailedAgain): Promise<readonly Told[]>;
  /** Accept it, under the ids of the first time. @throws KenalError `log_unavailable` */
  send(source: Source, failed: FailedAgain): Promise<number>;
}

export function createResend(acceptor: Acceptor, batchOf: BatchAgain): Resend {
  const avro = createCodec<Interaction>('interaction');

  /** @returns null where the body is none */
  function interactionOf({ contentType, body }: FailedAgain): Interaction | null {
    if (contentType.startsWith(AVRO_TYPE)) return avro.decode(body);
    if (!contentType.startsWith(INTERACTION_TYPE)) return null;
    const parsed = readJson(body);
    const checked = interactionSchema.safeParse(parsed.ok ? parsed.value : null);
    if (checked.success) return checked.data;
    const [issue] = checked.error.issues;
    throw new KenalError('bad_body', issue?.message, { path: `$.${issue?.path.join('.')}` });
  }

  function mustBeWhole({ contentType, body }: FailedAgain): void {
    if (contentType.startsWith(CUT_TYPE))
      throw new KenalError(
        'bad_body',
        'only the beginning of it was kept; its reason says where in the log the whole stands',
      );
    if (body.length === 0) throw new KenalError('bad_body', 'its bytes are gone: its person was erased');
  }

  return {
    async check(source, failed) {
      mustBeWhole(failed);
      if (interactionOf(failed) !== null) return [];
      const { batch, faults } = await batchOf(source, failed);
      return [...faults, ...(await acceptor.check(source, { ...batch, receivedAt: failed.receivedAt }))];
    },
    async send(source, failed) {
      const interaction = interactionOf(failed);
      if (interaction !== null) {
        await acceptor.acceptInteraction(source, interaction);
        return 1;
      }
      const { batch } = await batchOf(source, failed);
      return (await acceptor.accept(source, { ...batch, receivedAt: failed.receivedAt })).accepted;
    },
  };
}
