import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { repeat } from './repeat.ts';

test('runs follow one another, sooner after a fault, which is told and shown until a run is well', async () => {
  const told: unknown[] = [];
  let runs = 0;
  const third = Promise.withResolvers<void>();
  const repeated = repeat(
    async () => {
      runs++;
      if (runs === 2) throw new Error('the second fails');
      if (runs === 3) third.resolve();
    },
    { everyMs: 1, againMs: 1, onFault: (error) => told.push([String(error), repeated.fault]) },
  );
  expect(repeated.fault).toBeNull();
  repeated.start(0);
  await third.promise;
  await repeated.stop();
  expect(told).toEqual([['Error: the second fails', 'the second fails']]);
  expect(repeated.fault).toBeNull();
});

test('whoever asks for a run gets its fault; stopping waits for the run in hand and begins no other', async () => {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let runs = 0;
  const repeated = repeat(
    () => {
      runs++;
      begun.resolve();
      return gate.promise;
    },
    { everyMs: 0, againMs: 0, onFault: () => undefined },
  );
  repeated.start(0);
  await begun.promise;
  const asked = repeated.now();
  const stopped = repeated.stop();
  gate.reject(new Error('no'));
  await expect(asked).rejects.toThrow('no');
  await stopped;
  await sleep(0); // a further run would have come before
  expect([runs, repeated.fault]).toEqual([2, 'no']);
});
