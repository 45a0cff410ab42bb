import { DIRECTIVES_APPLIED_PARTITION } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { createLossyState } from '../testing/lossy-state.ts';
import { createStanding } from './marks.ts';

const WORKSPACES = ['w', 'idle'];

async function carriedOut(end: number) {
  const state = createLossyState();
  const standing = createStanding(state, WORKSPACES);
  await standing.read();
  const learn = standing.learning();
  await standing.raise('w', end);
  learn(end);
  return { state, standing };
}

test('as long as the state has what it had, what is evidence is so', async () => {
  const { state, standing } = await carriedOut(5);
  await state.advance([{ workspace: 'w', partition: DIRECTIVES_APPLIED_PARTITION, offset: 5 }]);
  for (let look = 0; look < 2; look += 1) {
    expect((await standing.read()).get('w')).toBe(5);
    expect(standing.known).toBe(5);
  }
});

test('a tail that took the fence with it, and effects that had no mark yet, makes all of them evidence again', async () => {
  const { state, standing } = await carriedOut(5);
  state.lose('w', 1);
  await standing.read();
  expect(standing.known).toBe(0);
  // Raised again it is known again
  const learn = standing.learning();
  await standing.raise('w', 5);
  learn(5);
  await standing.read();
  expect(standing.known).toBe(5);
});

test('a tail that took the mark with it does too', async () => {
  const { state, standing } = await carriedOut(5);
  await state.advance([{ workspace: 'w', partition: DIRECTIVES_APPLIED_PARTITION, offset: 5 }]);
  await standing.read();
  state.lose('w', 1);
  await standing.read();
  expect(standing.known).toBe(0);
});

test('what was being made evidence while something was lost is not known', async () => {
  const { state, standing } = await carriedOut(5);
  const learn = standing.learning();
  state.lose('w', 1);
  await standing.read();
  learn(9);
  expect(standing.known).toBe(0);
});
