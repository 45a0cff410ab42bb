import { readFileSync } from 'node:fs';
import { CATALOGUE } from '@kenal/errors';
import { expect, test } from 'vitest';

const README = new URL('../../packages/errors/README.md', import.meta.url);

test('the README of the errors lists the codes of the catalogue, with the same meaning, and no others', () => {
  // | `rate_limited` | too many events for this key; try again later | 429 | yes |
  const rows = [...readFileSync(README, 'utf8').matchAll(/^\| `(\w+)`\s+\| (.+?)\s+\| (\d+)\s+\| (yes|no)\s+\|$/gm)];
  const listed = rows.map(([, code, message, status, again]) => [code, message, Number(status), again === 'yes']);
  const catalogue = Object.entries(CATALOGUE).map(([code, e]) => [code, e.message, e.status, e.retryable]);
  expect(listed).toEqual(catalogue);
});
