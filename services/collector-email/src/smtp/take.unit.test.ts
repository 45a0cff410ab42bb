import type { Deliveries, Source } from '@kenal/collector-kit';
import { KenalError } from '@kenal/errors';
import { createLogger } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { createTake } from './take.ts';

const deps = { acceptor: {} as never, clock: () => 0, logger: createLogger({ name: 'test', level: 'silent' }) };

test.each([
  [new KenalError('forbidden'), 554, 'forbidden'],
  [new KenalError('overloaded'), 451, 'overloaded'],
  [new Error('a bug'), 451, 'internal'],
])('a mail that is refused (%s) is noted with the status that it is answered: %d', async (error, status, code) => {
  const noted: unknown[] = [];
  const deliveries: Deliveries = { note: (_source, entry) => void noted.push(entry), of: () => [] };
  const read = () => Promise.reject(error);
  const take = createTake(deps, { kind: 'smtp', read, map: () => ({ ok: true, value: [] }) }, deliveries);
  const taken = take({ workspace: 'shop', id: 'inbox' } as Source, Buffer.from('x'), { sender: '<>', recipients: [] });
  await expect(taken).rejects.toMatchObject({ responseCode: status });
  expect(noted).toMatchObject([{ method: 'SMTP', status, outcome: 'refused', code }]);
});
