import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJsonStrictly } from './parse.ts';

fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });

function parse(text: string | Buffer): unknown {
  const outcome = parseJsonStrictly(Buffer.from(text));
  return outcome.ok ? outcome.value.value : outcome.fault;
}

describe('numbers that a double cannot hold keep their digits as text', () => {
  test.each([
    ['the first whole number that a double loses', '{"id":9007199254740993}', { id: '9007199254740993' }],
    ['a negative one', '[-9007199254740993]', ['-9007199254740993']],
    ['one with 30 digits before a point', '[123456789012345678901234567890.5]', ['123456789012345678901234567890.5']],
    ['one that overflows', '{"a": 1e400, "b":-1E+999}', { a: '1e400', b: '-1E+999' }],
    ['at the top', '12345678901234567890', '12345678901234567890'],
    [
      'the last one that is exact stays a number',
      '[9007199254740991,-9007199254740991]',
      [9007199254740991, -9007199254740991],
    ],
    [
      'fractions and exponents in range stay numbers',
      '[0.1234567890123456789,1.5e3,1e-7]',
      [0.12345678901234568, 1500, 1e-7],
    ],
    ['digits inside text stay text', '{"t":":9007199254740993, [1e400"}', { t: ':9007199254740993, [1e400' }],
    ['after text that ends in a backslash', '{"t":"\\\\","n":9007199254740993}', { t: '\\', n: '9007199254740993' }],
  ])('%s', (_name, text, value) => {
    expect(parse(text)).toEqual(value);
  });

  test('any list of whole numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n })), fc.string(), (numbers, text) => {
        const parsed = parse(`{${JSON.stringify(text)}:[${numbers.join(',')}]}`) as Record<string, unknown[]>;
        expect(parsed[text]?.map(String)).toEqual(numbers.map(String));
      }),
    );
  });
});

test('any JSON that doubles can hold comes out as JSON.parse has it', () => {
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false }), (text) => {
      const numbersAreExact = JSON.stringify(JSON.parse(text)) === JSON.stringify(parse(text));
      expect(numbersAreExact || /\d{16}|[eE]/.test(text)).toBe(true);
    }),
  );
});

test('of doubled keys the last one wins', () => {
  expect(parse('{"a":1,"a":2}')).toEqual({ a: 2 });
});

test('a byte order mark is skipped and broken UTF-8 becomes U+FFFD', () => {
  expect(parse(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"a":1}')]))).toEqual({ a: 1 });
  expect(parse(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toBe('\ufffd(');
});

test.each([
  '',
  '{',
  '[1,]',
  'nul',
  '{"a":01}',
  '{"a":12345678901234567890123456789012345678901234567890x}',
  '"\u0000"',
  '{"a":1}x',
  '-',
  '"\\u12"',
])('what is not JSON is bad_json: %j', (text) => {
  expect(parse(text)).toMatchObject({ code: 'bad_json', path: '$' });
});

test('the reason repeats nothing of the text: it may be personal', () => {
  expect(JSON.stringify(parse('{"email":"ann@shop.example",zzz'))).not.toMatch(/ann@|zzz/);
  expect(JSON.stringify(parse('ann@shop.example'))).not.toMatch(/ann|shop/);
});
