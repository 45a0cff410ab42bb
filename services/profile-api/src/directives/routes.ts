import type { Reader, ReadKeys } from '@kenal/service-kit';
import { authenticate, opensBy, problemSchema } from '@kenal/service-kit';
import type { FastifyReply } from 'fastify';
import { FAULTS } from '../http/faults.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { profileParams } from '../profiles/query.ts';
import type { Compose } from './compose.ts';
import type { HideNobodys } from './hide-nobodys.ts';
import type { Issue } from './issue.ts';
import type { ListDirectives } from './list.ts';
import type { TellNote } from './note.ts';
import { presentIssued } from './present.ts';
import { type DirectiveRequest, directiveRequestBody, readDirectiveRequest } from './request.ts';
import * as schemas from './schemas.ts';
import type { AskSettled } from './settled.ts';
import type { AskStanding } from './standing.ts';

export interface DirectiveRouteDeps {
  readonly readKeys: ReadKeys;
  readonly compose: Compose;
  readonly issue: Issue;
  readonly hideNobodys: HideNobodys;
  readonly standing: AskStanding;
  readonly tellNote: TellNote;
  readonly list: ListDirectives;
  readonly settled: AskSettled;
}

const TAGS = ['directives'];
const BODY_BYTES = 1_000_000;
const ISSUED = { 202: schemas.issuedView, ...FAULTS, 409: problemSchema, 422: problemSchema };

/** `/v1/directives`: decide who is who, see what was decided, ask whether it has taken effect; `DELETE` of a profile. */
export function mountDirectives(app: TypedApp, deps: DirectiveRouteDeps): void {
  const decide = async (reply: FastifyReply, steward: Reader, request: DirectiveRequest) => {
    const draft = await deps.compose(steward.workspace, request);
    const note = await deps.tellNote(steward.workspace, draft, await deps.standing(steward.workspace));
    const issued = await deps.issue(steward, draft, request);
    await deps.hideNobodys(issued.directive, request.erase?.profile ?? '');
    const settled = `/v1/directives/settled?position=${issued.position}`;
    reply.code(202).header('location', settled).header('cache-control', 'no-store');
    return { directive: presentIssued(issued), settled, note };
  };

  app.post(
    '/v1/directives',
    {
      bodyLimit: BODY_BYTES,
      // Before the body is read: a stranger's takes no memory
      onRequest: async (request) => void authenticate(deps.readKeys, request, 'decide'),
      schema: {
        ...{ tags: TAGS, operationId: 'decide', security: opensBy('decide'), response: ISSUED },
        summary: 'Decide who is who: must, unlink, revoke, clear, split, erase, consent, ruleset, model, linkage',
      },
      config: { openapi: { body: directiveRequestBody } },
    },
    async (request, reply) =>
      decide(reply, authenticate(deps.readKeys, request, 'decide'), readDirectiveRequest(request.body)),
  );

  app.delete(
    '/v1/profiles/:profile',
    {
      schema: {
        ...{ tags: TAGS, operationId: 'eraseProfile', security: opensBy('decide'), response: ISSUED },
        summary: 'Forget a person: the directive `erase`',
        params: profileParams,
        querystring: schemas.eraseQuery,
      },
    },
    async (request, reply) => {
      const steward = authenticate(deps.readKeys, request, 'decide');
      return decide(reply, steward, { ...request.query, erase: { profile: request.params.profile } });
    },
  );

  mountQuestions(app, deps);
}

function mountQuestions(app: TypedApp, deps: DirectiveRouteDeps): void {
  app.get(
    '/v1/directives',
    {
      schema: {
        ...{ tags: TAGS, operationId: 'listDirectives', security: opensBy('events') },
        summary: 'What was decided, by whom and why, newest first',
        querystring: schemas.listQuery,
        response: { 200: schemas.listView, ...FAULTS },
      },
    },
    async (request, reply) => {
      const { items, cursor } = await deps.list(
        authenticate(deps.readKeys, request, 'events').workspace,
        request.query,
      );
      reply.header('cache-control', 'no-store');
      return { directives: [...items], cursor };
    },
  );

  app.get(
    '/v1/directives/settled',
    {
      schema: {
        ...{ tags: TAGS, operationId: 'directiveSettled', security: opensBy('events') },
        summary: 'Whether a decision has taken effect, and is shown everywhere',
        querystring: schemas.settledQuery,
        response: { 200: schemas.settledView, ...FAULTS },
      },
    },
    async (request, reply) => {
      const workspace = authenticate(deps.readKeys, request, 'events').workspace;
      const { position, wait } = request.query;
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      reply.header('cache-control', 'no-store');
      return deps.settled(workspace, position, wait * 1_000, gone.signal);
    },
  );
}
