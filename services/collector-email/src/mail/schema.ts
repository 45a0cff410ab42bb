import { type Outcome, refused } from '@kenal/collector-kit';
import { z } from 'zod';
import type { ReadMail } from '../readers/readers.ts';
import { AUTOMATIC_REASONS } from './mail.ts';

const text = z.string().nullable();
const mailbox = z.object({ name: z.string(), address: z.string() });
const ids = z.array(z.string());

const schema = z.object({
  envelope: z.object({ recipients: z.array(z.string()) }),
  mail: z.object({
    messageId: text,
    inReplyTo: ids,
    references: ids,
    from: z.array(mailbox),
    to: z.array(mailbox),
    cc: z.array(mailbox),
    originalFrom: mailbox.nullable(),
    subject: text,
    date: text,
    automatic: z.enum(AUTOMATIC_REASONS).nullable(),
    list: z.object({ id: z.string(), post: text }).nullable(),
    body: z.object({ text: z.string(), quoted: text, signature: text, truncated: z.boolean() }).nullable(),
    attachments: z.array(z.object({ name: text, type: z.string(), size: z.number(), sha256: z.string() })),
    attachmentCount: z.number(),
    report: z
      .object({
        recipients: z.array(
          z.object({
            address: z.string(),
            action: z.enum(['failed', 'delayed', 'delivered', 'complaint']),
            status: text,
            diagnostic: text,
          }),
        ),
        original: z.object({ messageId: text, references: ids }),
      })
      .nullable(),
  }),
}) satisfies z.ZodType<ReadMail>;

/** A read mail as it came back from the thread, or from whoever repaired a failed one. @returns fault `event_bad_field` */
export function checkMail(item: unknown): Outcome<ReadMail> {
  const checked = schema.safeParse(item);
  if (checked.success) return { ok: true, value: checked.data };
  const issue = checked.error.issues[0];
  const path = issue?.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('') ?? '';
  return refused('event_bad_field', `$${path}`, issue?.message);
}
