import type { Clock, FailedChange, SourceKind } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { authenticate, type ReadKeys } from '@kenal/service-kit';
import type { FastifyInstance } from 'fastify';
import type { Acceptor } from '../acceptor.ts';
import type { BlobStore } from '../blobs.ts';
import { findSource, sourceOf } from '../find-source.ts';
import type { Keyring } from '../keyring.ts';
import type { Limits } from '../limits.ts';
import type { Source } from '../source.ts';
import { EMPTY } from '../webhook/answer.ts';
import type { BatchAgain } from './batch-again.ts';
import { byContentType } from './by-content-type.ts';
import { type AgainVerb, describeAgain } from './describe.ts';
import { type FailedAgain, readFailedAgain } from './request.ts';
import { createResend } from './resend.ts';

export interface AgainRoutes {
  readonly keyring: Keyring;
  readonly acceptor: Acceptor;
  /** Where the acceptor keeps bodies that are too large for a record. */
  readonly blobs: BlobStore;
  readonly limits: Limits;
  readonly readKeys: ReadKeys;
  readonly clock: Clock;
}

const MAX_BYTES = 4 * 1024 * 1024;

/**
 * `POST /v1/hooks/<kind>/<workspace>/<source>/failed/{check,fix,replay,dismiss}` with a steward key, each about one failed event: what would still be
 * refused; keep a repaired body; send it again, which adds nothing the second time; give it up. Answers
 * `{state, accepted, rejected}`; whatever is still refused is not sent, and the event stays as it is. What a source that is switched off left behind may be given up.
 * @param ofKind reads what its content type does not tell
 */
export function mountAgain(
  app: FastifyInstance,
  { keyring, acceptor, blobs, limits, readKeys, clock }: AgainRoutes,
  kind: SourceKind,
  ofKind: BatchAgain,
): void {
  const resend = createResend(acceptor, blobs, byContentType(limits, ofKind));

  type Verb = (
    source: Source,
    failed: FailedAgain,
    say: (state: FailedChange['state'], body?: Buffer) => Promise<void>,
  ) => Promise<object>;
  const verbs: Readonly<Record<AgainVerb, Verb>> = {
    check: async (source, failed) => ({ rejected: await resend.check(source, failed) }),
    async fix(source, failed, say) {
      const rejected = await resend.check(source, failed);
      await say('fixed', failed.body);
      return { state: 'fixed', rejected };
    },
    async replay(source, failed, say) {
      const rejected = await resend.check(source, failed);
      if (rejected.length > 0) return { state: null, accepted: 0, rejected };
      const accepted = await resend.send(source, failed);
      await say('replayed');
      return { state: 'replayed', accepted, rejected };
    },
    async dismiss(_source, { note }, say) {
      if (note === '') throw new KenalError('bad_body', 'note: say why nobody will send it again');
      await say('dismissed');
      return { state: 'dismissed' };
    },
  };

  for (const [name, verb] of Object.entries(verbs)) {
    const options = { bodyLimit: MAX_BYTES, config: { openapi: describeAgain(kind, name as AgainVerb) } };
    app.post(`/v1/hooks/${kind}/:workspace/:source/failed/${name}`, options, async (request) => {
      const source = (name === 'dismiss' ? sourceOf : findSource)(keyring, kind, request.params);
      const steward = authenticate(readKeys, request, 'decide');
      if (steward.workspace !== source.workspace)
        throw new KenalError(
          'forbidden',
          `the key decides in workspace ${steward.workspace}, not in ${source.workspace}`,
        );
      const failed = readFailedAgain((request.body as Buffer | undefined) ?? EMPTY);
      const { failureId, contentType, note } = failed;
      const actor = failed.actor === null ? steward.name : `${failed.actor} (${steward.name})`;
      const say = (state: FailedChange['state'], body: Buffer = EMPTY): Promise<void> =>
        acceptor.decide(source, { failureId, state, at: clock(), actor, note, body, contentType });
      return verb(source, failed, say);
    });
  }
}
