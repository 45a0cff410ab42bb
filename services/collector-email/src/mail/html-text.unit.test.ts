import { expect, test } from 'vitest';
import { cpuMs } from '../testing/cpu.ts';
import { htmlText } from './html-text.ts';
import { splitReply } from './reply.ts';

test.each([
  ['lines', '<p>Hello&nbsp;Ann,</p><div>it is<br>late</div>', 'Hello Ann,\n\nit is\nlate'],
  ['entities', 'a &lt;b&gt; &amp; &#8364; &#x20AC; &nope; &#0;', 'a <b> & € € &nope;'],
  [
    'what is not shown',
    '<head><title>x</title></head><style>p{}</style><!-- <p>no</p> --><script>1<2</script>yes',
    'yes',
  ],
  ['a quotation', 'yes<blockquote>no<blockquote>never</blockquote></blockquote>', 'yes\n> no\n> > never'],
  ['an open end', 'yes<p', 'yes'],
  ['less than', 'a < b', 'a'],
])('%s of a mail in HTML', (_name, html, text) => {
  expect(htmlText(html)).toBe(text);
});

test('an answer of a web mail is apart from what it quotes', () => {
  const html =
    '<div dir="ltr">It is late.</div><br><div class="gmail_quote"><div dir="ltr">On Sun, 29 Nov 2026 at 09:00, Help &lt;<a href="mailto:help@shop.example">help@shop.example</a>&gt; wrote:<br></div><blockquote>We send it today.</blockquote></div>';
  expect(splitReply(htmlText(html))).toMatchObject({
    text: 'It is late.',
    quoted: expect.stringContaining('We send it'),
  });
});

test('crafted HTML takes no longer than its length', async () => {
  for (const piece of ['<', '<!--', '<script>', '</', '&#', '<blockquote>x', '<br>', '&amp;', '<style></style', ' ']) {
    const html = piece.repeat(Math.ceil(1_000_000 / piece.length));
    expect([piece, (await cpuMs(() => htmlText(html))) < 600]).toEqual([piece, true]);
  }
});
