import { expect, test } from 'vitest';
import { signLink, verifyLink } from './links.ts';

const secret = 'a secret for links';

test('a link leads where it was signed for, and nowhere else', () => {
  const target = 'https://shop.example/a?b=c d';
  const signature = signLink(secret, target);
  expect(verifyLink(secret, target, signature)).toBe('https://shop.example/a?b=c%20d');
  expect(verifyLink(secret, 'https://evil.example/', signature)).toBeNull();
  expect(verifyLink('another secret', target, signature)).toBeNull();
  expect(verifyLink(secret, target, `${signature}x`)).toBeNull();
  expect(verifyLink(secret, target, '')).toBeNull();
});

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  '//evil.example',
  '/relative',
  'not a url',
  'file:///etc/passwd',
])('even signed, %s is no place to go', (target) => {
  expect(verifyLink(secret, target, signLink(secret, target))).toBeNull();
});

test('a line break in a target cannot write a header', () => {
  const target = 'https://shop.example/\r\nSet-Cookie: a=b';
  expect(verifyLink(secret, target, signLink(secret, target))).not.toMatch(/[\r\n]/);
});
