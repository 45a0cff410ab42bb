import type { JobQueue } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { expect, test } from 'vitest';
import { createWholeQueue } from './whole-queue.ts';

function bench() {
  const did: string[] = [];
  const state = { marked: false, away: false };
  const queue: Pick<JobQueue, 'find' | 'add'> = {
    async find() {
      if (state.away) throw new KenalError('unavailable');
      return state.marked ? ({} as never) : null;
    },
    async add() {
      did.push('marked');
      state.marked = true;
      return ['1'];
    },
  };
  const whole = createWholeQueue({ queue, recover: async (what) => void did.push(what) });
  return { did, state, whole };
}

test('without its marker the queue is filled again before it is marked, once for all who ask', async () => {
  const { did, whole } = bench();
  await Promise.all([whole.check(), whole.check(), whole.check()]);
  expect(did).toEqual(['all', 'marked']);
  await whole.check();
  expect(did).toEqual(['all', 'marked']);
});

test('at the start, and after it was away, what it was given last is put into it again', async () => {
  const { did, state, whole } = bench();
  state.marked = true;
  await whole.check();
  expect(did).toEqual(['recent']);
  whole.doubt();
  state.away = true;
  await expect(whole.check()).rejects.toMatchObject({ code: 'unavailable' });
  state.away = false;
  await whole.check();
  await whole.check();
  expect(did).toEqual(['recent', 'recent']);
});
