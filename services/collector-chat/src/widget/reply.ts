import { randomUUID } from 'node:crypto';
import {
  type Acceptor,
  batchOf,
  findKey,
  type KenalEvent,
  type Keyring,
  openKey,
  pace,
  type RateLimiter,
  readJson,
} from '@kenal/collector-kit';
import { type Clock, formatTime } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { problemSchema, WRITE_SECURITY } from '@kenal/service-kit';
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import { z } from 'zod';
import { CHAT, chatEvent } from '../vendors/chat-event.ts';
import type { Visitor, Visitors } from './visitors.ts';

export interface ReplyDeps {
  readonly acceptor: Acceptor;
  readonly keyring: Keyring;
  readonly rates: RateLimiter;
  readonly visitors: Visitors;
  readonly clock: Clock;
}

type Params = { readonly workspace: string; readonly source: string };

const BODY_BYTES = 64 * 1024;
const id = z.string().min(1).max(512);

const replySchema = z
  .strictObject({
    conversationId: id,
    text: z.string().min(1).max(8_000).optional(),
    messageId: id.optional(),
    agent: z.strictObject({ id, name: z.string().max(200).optional() }).optional(),
    anonymousId: id.optional(),
    userId: id.optional(),
    timestamp: z.iso.datetime({ offset: true }).optional(),
    end: z.boolean().default(false),
  })
  .refine(({ text, end }) => text !== undefined || end, { error: 'a reply has text, or end: true', path: ['text'] });
type Reply = z.infer<typeof replySchema>;

/** How the API description shows it. */
const REPLY: FastifySchema = {
  tags: ['widget'],
  operationId: 'replyToVisitor',
  summary: 'An agent answers a visitor of the chat widget',
  security: WRITE_SECURITY,
  response: {
    400: problemSchema.describe('The reply has a wrong form'),
    401: problemSchema.describe('The write key is unknown'),
    403: problemSchema.describe('The key is a visitor’s, or one of another source'),
    429: problemSchema.describe('Too many replies a second'),
    503: problemSchema.describe('The event log takes nothing now; try again after Retry-After'),
  },
};

/**
 * `POST /v1/widget/<workspace>/<source>/reply`, with a secret key of the source: an agent answers.
 * 200 `{"messageId", "delivered"}`: it is durable, and `delivered` says whether a browser of the visitor is connected to
 * this process and was handed it.
 */
export function mountReply(app: FastifyInstance, deps: ReplyDeps): void {
  const { acceptor, keyring, rates, visitors, clock } = deps;
  app.post(
    '/v1/widget/:workspace/:source/reply',
    { bodyLimit: BODY_BYTES, config: { openapi: REPLY } },
    async (request, reply) => {
      const access = openKey(keyring, findKey({ headers: request.headers, query: request.query, body: null }));
      const { source } = access;
      const { workspace, source: sourceId } = request.params as Params;
      if (source.workspace !== workspace || source.id !== sourceId || source.kind !== 'widget')
        throw new KenalError('forbidden', `the key is one of source ${source.id} of kind ${source.kind}`);
      if (access.scope === 'public')
        throw new KenalError('forbidden', 'visitors have this key: a reply takes one of scope secret');
      pace(rates, access, 1, reply, 'replies');
      const said = replyOf(request);
      const messageId = said.messageId ?? randomUUID();
      const name = `${workspace}/${sourceId}`;
      const visitor = { ...visitors.find(name, said.conversationId), ...given(said) };
      const at = said.timestamp ?? formatTime(clock());
      const { rejected } = await acceptor.accept(source, batchOf(eventsOf(said, messageId, visitor)));
      if (rejected[0] !== undefined)
        throw new KenalError(rejected[0].code, rejected[0].reason, { path: rejected[0].path });
      const { conversationId, text, agent } = said;
      const isDelivered =
        text !== undefined &&
        visitors.deliver(name, conversationId, { type: 'reply', messageId, conversationId, text, agent, at });
      return { messageId, delivered: isDelivered };
    },
  );
}

/** @throws KenalError `bad_json`, `bad_body` naming the field */
function replyOf(request: FastifyRequest): Reply {
  const read = readJson((request.body as Buffer | undefined) ?? Buffer.alloc(0));
  if (!read.ok) throw new KenalError('bad_json', read.fault.reason);
  const parsed = replySchema.safeParse(read.value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = ['$', ...(issue?.path ?? [])].join('.');
  throw new KenalError('bad_body', `${path}: ${issue?.message}`, { path });
}

function given({ anonymousId, userId }: Reply): Partial<Visitor> {
  return { ...(anonymousId === undefined ? {} : { anonymousId }), ...(userId === undefined ? {} : { userId }) };
}

/** Without a time of its own it has none: the same reply sent again is the same event. */
function eventsOf(said: Reply, messageId: string, visitor: Partial<Visitor>): KenalEvent[] {
  const { conversationId, text, agent } = said;
  const happened = (name: typeof CHAT.sent | typeof CHAT.ended): KenalEvent => ({
    ...chatEvent({
      messageId: name === CHAT.sent ? messageId : `${messageId}.end`,
      name,
      at: said.timestamp ?? null,
      direction: 'outbound',
      channel: 'chat',
      conversationId,
      person: { userId: visitor.userId ?? null },
      agent: agent === undefined ? null : { kind: 'agent', id: agent.id, name: agent.name ?? null },
      message: name === CHAT.sent ? messageId : null,
      text: name === CHAT.sent ? (text ?? null) : null,
    }),
    ...(visitor.anonymousId ? { anonymousId: visitor.anonymousId } : {}),
  });
  return [...(text === undefined ? [] : [happened(CHAT.sent)]), ...(said.end ? [happened(CHAT.ended)] : [])];
}
