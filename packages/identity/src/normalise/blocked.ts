/** Why an identifier joins nobody. */
export const BLOCK_REASONS = [
  'bad_type',
  'empty',
  'placeholder',
  'zeros',
  'too_long',
  'unreadable',
  'not_an_email',
  'role_mailbox',
  'not_a_phone',
  'reserved_phone',
  'configured',
] as const;
export type BlockReason = (typeof BLOCK_REASONS)[number];

const PLACEHOLDERS = new Set(
  ['-1', 'null', 'none', 'nil', 'nan', 'undefined', 'anonymous', 'guest', 'unknown', 'n/a', '[object object]'].flatMap(
    (word) => [word, `(${word})`, `<${word}>`],
  ),
);

/** Mailboxes that many people read and write. */
const ROLES = new Set([
  ...[
    'abuse',
    'accounts',
    'admin',
    'administrator',
    'billing',
    'contact',
    'customerservice',
    'donotreply',
    'enquiries',
  ],
  ...['feedback', 'help', 'helpdesk', 'hostmaster', 'info', 'mailerdaemon', 'marketing', 'newsletter', 'noreply'],
  ...['office', 'orders', 'postmaster', 'privacy', 'root', 'sales', 'security', 'service', 'support', 'unsubscribe'],
  'webmaster',
]);

// 0 · 000-000 · 00000000-0000-0000-0000-000000000000 (an iPhone without tracking consent) · --- · 0.0 · +000
const NOTHING_BUT_ZEROS = /^[0\-–—_.:+\s]+$/;
const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '”',
  '‘': '’',
  '«': '»',
  '{': '}',
  '\\"': '\\"',
};

/** What is wrong with a value of whatever type, or null. @param text trimmed */
export function placeholderReason(text: string): BlockReason | null {
  const bare = unquote(text);
  if (bare === '') return 'empty';
  // The longest placeholder has 17 characters; the test for zeros ends at the first other character
  if (bare.length <= 20 && PLACEHOLDERS.has(bare.toLowerCase())) return 'placeholder';
  return NOTHING_BUT_ZEROS.test(bare) ? 'zeros' : null;
}

/** @param mailbox what stands before the `@`, lower case: `no-reply` */
export function isRoleMailbox(mailbox: string): boolean {
  return ROLES.has(mailbox.replaceAll(/[-_.]/g, ''));
}

/** `"'null'"` → `null` */
function unquote(text: string): string {
  let bare = text;
  for (;;) {
    const close = QUOTES[bare.slice(0, 2)] ?? QUOTES[bare.slice(0, 1)];
    if (close === undefined || bare.length < 2 * close.length || !bare.endsWith(close)) return bare;
    bare = bare.slice(close.length, -close.length).trim();
  }
}
