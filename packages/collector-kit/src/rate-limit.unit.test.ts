import { kenalConfigSchema } from '@kenal/contracts';
import { hashKey } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { createKeyring } from './keyring.ts';
import { createRateLimiter } from './rate-limit.ts';

const keyring = createKeyring(
  kenalConfigSchema.parse({
    workspaces: [
      {
        id: 'w',
        sources: [
          { id: 'a', keys: [{ key: hashKey('public'), scope: 'public' }, { key: hashKey('secret') }] },
          { id: 'b', kind: 'import', keys: [{ key: hashKey('import') }] },
          { id: 'c', eventsPerSecond: 10, keys: [{ key: hashKey('slow') }] },
        ],
      },
    ],
  }),
);

test('a key opens its source by its hash, a stranger opens nothing', () => {
  expect(keyring.find('public')).toMatchObject({ scope: 'public', eventsPerSecond: 1_000, source: { id: 'a' } });
  expect(keyring.find('secret')).toMatchObject({ eventsPerSecond: 100_000 });
  expect(keyring.find('import')).toMatchObject({ eventsPerSecond: Number.POSITIVE_INFINITY });
  expect(keyring.find('slow')).toMatchObject({ eventsPerSecond: 10 });
  for (const stranger of ['', 'Public', hashKey('public'), '__proto__']) expect(keyring.find(stranger)).toBeNull();
  expect(keyring.source('w', 'b')).toMatchObject({ id: 'b' });
  expect(keyring.source('w', 'z')).toBeNull();
});

// 2,600 single calls got through at 5 a second, for a full batch had to
test('of a slow key a full batch gets in at once, and what follows waits until it is paid', () => {
  const now = { micros: 0 };
  const rates = createRateLimiter(() => now.micros, 1);
  const slow = keyring.find('slow')!;
  expect(rates.take(slow, 2_500)).toBe(0);
  expect(rates.take(slow, 1)).toBe(250);
  now.micros += 249_000_000;
  expect(rates.take(slow, 1)).toBe(1);
  now.micros += 1_000_000 + 100_000;
  expect(rates.take(slow, 1)).toBe(0);
  now.micros += 3_600_000_000;
  const singles = Array.from({ length: 20 }, () => rates.take(slow, 1));
  expect(singles.filter((seconds) => seconds === 0)).toHaveLength(10);
});

test('a bucket is filled with time, and says when it is worth trying again', () => {
  const now = { micros: 0 };
  const rates = createRateLimiter(() => now.micros, 100);
  const slow = keyring.find('slow')!;
  expect(rates.take(slow, 100)).toBe(0);
  expect(rates.take(slow, 1)).toBe(1);
  expect(rates.take(slow, 100)).toBe(10);
  now.micros += 1_000_000;
  expect(rates.take(slow, 10)).toBe(0);
  expect(rates.take(slow, 1)).toBe(1);
  now.micros += 3_600_000_000;
  expect(rates.take(slow, 100)).toBe(0);
  expect(rates.take(slow, 1)).toBe(1);
});

test('keys do not share a bucket, an import has none, a clock that jumps back takes nothing away', () => {
  const now = { micros: 1_000_000 };
  const rates = createRateLimiter(() => now.micros, 1);
  const [open, other, bulk] = ['public', 'secret', 'import'].map((key) => keyring.find(key)!) as [never, never, never];
  expect(rates.take(open, 1_000)).toBe(0);
  expect(rates.take(open, 1)).toBe(1);
  expect(rates.take(other, 100_000)).toBe(0);
  expect(rates.take(bulk, 10_000_000)).toBe(0);
  now.micros = 0;
  expect(rates.take(open, 1)).toBe(1);
  now.micros = 1_000;
  expect(rates.take(open, 1)).toBe(0);
});
