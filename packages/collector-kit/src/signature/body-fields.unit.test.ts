import { expect, test } from 'vitest';
import { bodyFieldsOf } from './body-fields.ts';

const NAMES = ['timestamp', 'token', 'signature'] as const;

function read(body: string | Uint8Array, type?: string): (string | null)[] {
  const request = { method: 'POST', url: '', headers: { 'content-type': type }, body: Buffer.from(body) };
  return NAMES.map(bodyFieldsOf(request));
}

test.each([
  ['token=b&timestamp=1&signature=c'],
  ['&token=b&x=1&timestamp=1&signature=c&token=late'],
  ['xtoken=no&timestamp=1&token=%62&signature=c'],
])('a form %s gives the first of each field', (form) => {
  expect(read(form)).toEqual(['1', 'b', 'c']);
});

test.each([
  ['', [null, null, null]],
  ['&', [null, null, null]],
  ['token', [null, null, null]],
  ['token=', [null, '', null]],
  [`token=${'x'.repeat(2_000)}`, [null, null, null]],
  ['{"signature":{"token":"b","timestamp":1}}', ['1', 'b', null]],
  ['{"signature":{"token":{},"timestamp":null}}', [null, null, null]],
  ['{"signature":[1]}', [null, null, null]],
  ['{"token":"b"}', [null, null, null]],
  ['{"signature":', [null, null, null]],
  ['{"__proto__":{"signature":{"token":"b"}}}', [null, null, null]],
])('%s gives %j', (body, fields) => {
  expect(read(body)).toEqual(fields);
});

test('a multipart form gives its short fields, the first of each', () => {
  const part = (name: string, value: string) =>
    `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const type = 'multipart/form-data; charset=utf-8; boundary=B';
  const whole = `${part('token', 'b')}${part('token', 'late')}${part('body', 'x'.repeat(5_000))}${part('timestamp', '1')}--B--`;
  expect(read(whole, type)).toEqual(['1', 'b', null]);
  for (const broken of ['', '--B', '--B--', '--B\r\n\r\n--B--', '--B\r\n\r\nab--B', 'no boundary', part('token', 'b')])
    expect(read(broken, type)).toEqual([null, null, null]);
});

test('megabytes that are made to be slow are read in a moment', () => {
  const type = 'multipart/form-data; boundary=B';
  const hostile: [string, string?][] = [
    ['--B'.repeat(3_000_000), type],
    ['--B'.repeat(900) + 'x'.repeat(9_000_000), type],
    ['&token'.repeat(1_500_000)],
    [`{"signature":${'['.repeat(9_000_000)}`],
    [`{"signature":${'['.repeat(500_000)}`],
    [`token=${'&'.repeat(9_000_000)}`],
  ];
  for (const [body, contentType] of hostile) {
    const bytes = Buffer.from(body);
    const begin = performance.now();
    read(bytes, contentType);
    expect(performance.now() - begin).toBeLessThan(1_000);
  }
});
