import { expect, test } from 'vitest';
import { batchOf } from './event-batch.ts';

test('an event is written once, however often its size is asked for, and as it came', () => {
  let writes = 0;
  const event = { toJSON: () => ({ text: `came ${++writes}` }) };
  const batch = batchOf([event, undefined]);
  expect([batch.sizeOf(0), batch.sizeOf(0)]).toEqual([17, 17]);
  expect(Buffer.from(batch.bytesOf(0)).toString()).toBe('{"text":"came 1"}');
  expect(writes).toBe(1);
  expect(batch.sizeOf(1)).toBe(4);
});
