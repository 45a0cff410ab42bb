import { expect, test } from 'vitest';
import { withoutAddress } from './message-id.ts';

test.each([
  ['m1@x.example#ann@x.example', 'm1@x.example'],
  ['postmark-open-7|ann@x.example|2026-01-01|https://x.example', 'postmark-open-7'],
  ['ses-7.delivery.2026#ann@x.example', 'ses-7.delivery.2026'],
  ['m1@x.example', 'm1@x.example'],
  ['CA1.completed', 'CA1.completed'],
  ['order#7', 'order#7'],
])('of %s the address is left out, and nothing else', (id, expected) => expect(withoutAddress(id)).toBe(expected));
