import { type Directive, TOPICS } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { afterAll, beforeAll } from 'vitest';
import type { DirectiveView } from '../directives/schemas.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

export const { decode } = createCodec<Directive>('directive');
export const id = (type: string, value: string) => ({ type, value });
export const UNLINK = { unlink: { a: 'email:ann.lee@example.com', b: 'user_id:ann' }, reason: 'two people' };

/** What the directive routes answer. */
export interface Answer {
  readonly code: string;
  readonly message: string;
  readonly settled: string;
  readonly note: string | null;
  readonly directive: DirectiveView;
  readonly directives: readonly DirectiveView[];
  readonly cursor: string | null;
}

/** A shop with Ann, Bob and Cat, and a steward in it, for the tests of one file. */
export function useShop(options: WorldOptions = {}) {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(options);
    const ann = [id('user_id', 'ann'), id('email', 'Ann.Lee@Example.com')];
    await world.feed('shop', [
      { id: 'i1', type: 'identify', identifiers: ann },
      { id: 'i2', identifiers: [id('user_id', 'ann'), id('phone', '+12015570123')], clientAt: 1e15, occurredAt: 1e15 },
      { id: 'i3', identifiers: [id('user_id', 'ann'), id('device_id', 'dev-1')] },
      { id: 'i4', identifiers: [id('user_id', 'bob'), id('email', 'bob@example.com')] },
      { id: 'i5', identifiers: [id('user_id', 'ann'), id('user_id', 'cat')] },
      { id: 'i6', identifiers: [id('user_id', 'cat')], source: 'import-7' },
    ]);
    await world.feed('bank', [{ id: 'b1', identifiers: ann }]);
  });
  afterAll(async () => world[Symbol.asyncDispose]());

  const read = async (reply: Promise<Response>) => {
    const answer = await reply;
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer };
  };
  return {
    get world() {
      return world;
    },
    read,
    decide: (body: unknown, headers = {}) => read(world.post('/v1/directives', body, headers)),
    list: async (query = '') => (await read(world.get(`/v1/directives${query}`))).body,
    /** All that stand in the log. */
    logged: async () =>
      (await world.log.read({ topic: TOPICS.directives.name, partition: 0, offset: 0 }, { records: 1_000 })).slice(),
    profileOf: async (ref: string) => (await (await world.get(`/v1/profiles/${ref}`)).json()) as { id: string },
  };
}
