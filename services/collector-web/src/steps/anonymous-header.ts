const LONGEST = 1024;

/**
 * The anonymous id that RudderStack's browser client sends beside the body: `AnonymousId: YW5vbi0x` → `anon-1`.
 * @returns null where there is none or it is not base64 of text
 */
export function anonymousIdOf(header: string | string[] | undefined): string | null {
  if (typeof header !== 'string' || header === '' || header.length > LONGEST * 2) return null;
  const bytes = Buffer.from(header, 'base64');
  const text = bytes.toString('utf8');
  const clean = text.length > 0 && text.length <= LONGEST && !/[\p{Cc}\ufffd]/u.test(text);
  return clean && bytes.toString('base64').replace(/=+$/, '') === header.replace(/=+$/, '') ? text : null;
}
