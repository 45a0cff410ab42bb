import { formatTime } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { ReadKeys } from '@kenal/service-kit';
import { authenticate, opensBy, problemSchema } from '@kenal/service-kit';
import { draftOf } from '../directives/draft.ts';
import type { Issue } from '../directives/issue.ts';
import { pairOf } from '../directives/pairs.ts';
import { presentIssued } from '../directives/present.ts';
import { FAULTS } from '../http/faults.ts';
import { readBody } from '../http/read-body.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { ReviewQueue, Suggestion } from './queue.ts';
import type { CompareRecords } from './records.ts';
import * as schemas from './schemas.ts';
import { type StoredContribution, tell, tellDoubt } from './words.ts';

export interface ReviewRouteDeps {
  readonly readKeys: ReadKeys;
  readonly queue: ReviewQueue;
  readonly compareRecords: CompareRecords;
  readonly issue: Issue;
}

const TAGS = ['reviews'];
const PATH = '/v1/reviews/:id';
const EXAMPLE = '{"decision": "accept", "reason": "…"}';

/** `/v1/reviews`: what the probabilistic pass is not sure of, and the decisions about it. */
export function mountReviews(app: TypedApp, deps: ReviewRouteDeps): void {
  app.get(
    '/v1/reviews',
    {
      schema: {
        ...{ tags: TAGS, operationId: 'listReviews', security: opensBy('events'), querystring: schemas.reviewQuery },
        summary: 'Pairs of records that may be one person, for somebody to decide',
        response: { 200: schemas.reviewsView, ...FAULTS },
      },
    },
    async (request, reply) => {
      const { items, cursor } = await deps.queue.list(
        authenticate(deps.readKeys, request, 'events').workspace,
        request.query,
      );
      reply.header('cache-control', 'no-store');
      return { reviews: items.map(present), cursor };
    },
  );

  app.get(
    PATH,
    {
      schema: {
        ...{ tags: TAGS, operationId: 'getReview', security: opensBy('events'), params: schemas.reviewParams },
        summary: 'One pair: both records side by side, and what each field gave',
        response: { 200: schemas.reviewDetailView, ...FAULTS },
      },
    },
    async (request, reply) => {
      const workspace = authenticate(deps.readKeys, request, 'events').workspace;
      const pair = await deps.queue.find(workspace, request.params.id);
      const records = [...(await deps.compareRecords(workspace, pair))];
      reply.header('cache-control', 'no-store');
      const waterfall = tell(JSON.parse(pair.waterfall) as StoredContribution[]);
      return { ...present(pair), records, doubtInWords: tellDoubt(pair.doubt), waterfall };
    },
  );

  mountDecision(app, deps);
}

function mountDecision(app: TypedApp, deps: ReviewRouteDeps): void {
  app.post(
    PATH,
    {
      onRequest: async (request) => void authenticate(deps.readKeys, request, 'decide'),
      schema: {
        ...{ tags: TAGS, operationId: 'decideReview', security: opensBy('decide'), params: schemas.reviewParams },
        summary: 'Accept: the two are one person. Reject: two people, and never asked again',
        response: { 202: schemas.decidedView, ...FAULTS, 422: problemSchema },
      },
      config: { openapi: { body: schemas.decisionSchema } },
    },
    async (request, reply) => {
      const steward = authenticate(deps.readKeys, request, 'decide');
      const { decision, ...said } = readBody(schemas.decisionSchema, request.body, EXAMPLE);
      const pair = await deps.queue.find(steward.workspace, request.params.id);
      if (pair.state === 'accepted' || pair.state === 'rejected') throw decidedAlready(pair);
      const verb = decision === 'accept' ? 'must' : 'cannot';
      const draft = draftOf('review', { pairs: [pairOf(pair.a, pair.b, verb)], model: pair.model });
      const issued = await deps.issue(steward, draft, said);
      const settled = `/v1/directives/settled?position=${issued.position}`;
      reply.code(202).header('location', settled).header('cache-control', 'no-store');
      return { directive: presentIssued(issued), settled, note: null };
    },
  );
}

function decidedAlready({ state, decided_by, a, b }: Suggestion): KenalError {
  const how = `it was ${state} by ${decided_by}`;
  return new KenalError(
    'bad_directive',
    `${how}; kenal identity clear ${a} ${b} takes that back (or the directive clear), unlink or must says otherwise`,
  );
}

function present(pair: Suggestion) {
  const { id, state, probability, weight, model, doubt, decided } = pair;
  return {
    ...{ id, state, probability, weight, model, doubt },
    a: { identifier: pair.a, source: pair.source_a, profileId: orNull(pair.profile_a) },
    b: { identifier: pair.b, source: pair.source_b, profileId: orNull(pair.profile_b) },
    suggestedAt: formatTime(pair.suggested),
    decidedAt: decided === null ? null : formatTime(decided),
    ...{ decidedBy: orNull(pair.decided_by), reason: orNull(pair.reason) },
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
