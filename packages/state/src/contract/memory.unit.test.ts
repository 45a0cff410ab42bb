import { randomUUID } from 'node:crypto';
import { describe } from 'vitest';
import { createMemoryState } from './memory.ts';
import { dataPromises } from './suite.ts';

describe('identity state in memory, the model of the others', () => {
  const state = createMemoryState();
  dataPromises({
    state: () => state,
    place: () => {
      throw new Error('memory can be opened by nobody else');
    },
    workspace: () => `ws-${randomUUID()}`,
  });
});
