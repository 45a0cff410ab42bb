import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createReceipts } from './receipts.ts';

fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });

const MINUTE = 60_000_000;

test('numbers have no gap, and what is acknowledged never passes one that is not durable', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat()), { minLength: 1 }), (calls) => {
      const receipts = createReceipts('c', () => 0);
      const blocks = calls.map(([count]) => receipts.take('w', 's', count, 0));
      let next = 1;
      for (const block of blocks) {
        expect(block.first).toBe(next);
        next += block.count;
      }
      const open = new Set(blocks);
      for (const [, block] of blocks.map((block, i) => [calls[i]![1], block] as const).sort((a, b) => a[0] - b[0])) {
        receipts.acknowledge(block);
        open.delete(block);
        const lowest = Math.min(next, ...[...open].map(({ first }) => first));
        expect(receipts.drain()[0]?.acknowledged).toBe(lowest - 1);
      }
    }),
  );
});

test('copies are counted per source and minute of receipt, when they are durable', () => {
  const receipts = createReceipts('c', () => 90_000_000);
  const first = receipts.take('w', 'a', 2, MINUTE - 1);
  receipts.take('w', 'a', 5, MINUTE);
  const third = receipts.take('w', 'b', 3, MINUTE);
  receipts.acknowledge(first);
  receipts.acknowledge(third);
  expect(receipts.drain()).toMatchObject([
    { workspace: 'w', source: 'a', minute: 0, received: 2, acknowledged: 2, countedAt: 90_000_000 },
    { workspace: 'w', source: 'b', minute: MINUTE, received: 3, acknowledged: 2 },
  ]);
  expect(receipts.drain()).toEqual([]);
});

test('a count that could not be appended is said again', () => {
  const receipts = createReceipts('c', () => 0);
  receipts.acknowledge(receipts.take('w', 'a', 1, 0));
  const counts = receipts.drain();
  receipts.restore(counts);
  expect(receipts.drain()).toEqual(counts);
});
