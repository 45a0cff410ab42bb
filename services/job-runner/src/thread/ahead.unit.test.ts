import { expect, test } from 'vitest';
import { ahead } from './ahead.ts';

test('items come in order, each asked for before the one before it is done; a fault comes where it belongs', async () => {
  const told: string[] = [];
  const source = async function* () {
    try {
      for (const item of [1, 2, 3]) {
        told.push(`asked ${item}`);
        yield item;
      }
      throw new Error('no more');
    } finally {
      told.push('closed');
    }
  };
  const work = async (): Promise<void> => {
    for await (const item of ahead(source())) {
      await Promise.resolve();
      told.push(`done ${item}`);
    }
  };
  await expect(work()).rejects.toThrow('no more');
  expect(told).toEqual(['asked 1', 'asked 2', 'done 1', 'asked 3', 'done 2', 'closed', 'done 3']);
  told.length = 0;
  for await (const item of ahead(source())) if (item === 1) break;
  expect(told).toEqual(['asked 1', 'asked 2', 'closed']);
});
