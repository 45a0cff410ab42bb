import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineEndCheck } from './line-ends.ts';

fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });

function isClean(...pieces: readonly string[]): boolean {
  const check = createLineEndCheck();
  for (const piece of pieces) check.push(Buffer.from(piece, 'latin1'));
  return check.end();
}

test.each([
  [['a\r\nb\r\n'], true],
  [['a\r', '\nb\r\n'], true],
  [['a\r', '', '\n'], true],
  [['a\r', 'b'], false],
  [['a', '\nb'], false],
  [['\n'], false],
  [['a\r'], false],
  [['a\r\r\n'], false],
  [[''], true],
])('of %j it is said whether each CR and LF stand together: %s', (pieces, clean) => {
  expect(isClean(...pieces)).toBe(clean);
});

test('however a mail is cut on its way, the same is said of it as of the whole', () => {
  const piece = fc
    .array(fc.constantFrom('\r', '\n', '\r\n', 'a', '.'), { maxLength: 6 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const whole = pieces.join('');
      expect(isClean(...pieces)).toBe(!/(?<!\r)\n|\r(?!\n)/.test(whole));
    }),
  );
});
