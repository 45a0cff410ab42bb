import { z } from 'zod';

/** What a goal may count. */
const GOAL_MEASURES = ['net', 'gross', 'margin', 'orders', 'customers', 'retention', 'points'] as const;

/** Segments of mart `rfm`. */
export const RFM_SEGMENTS = [
  ...['champions', 'loyal', 'potential loyal', 'new', 'promising', 'needs attention'],
  ...['about to sleep', 'cannot lose', 'at risk', 'hibernating', 'lost'],
] as const;

const SCOPES = ['tier', 'segment', 'account', 'profile'] as const;

const name = z.string().min(1).optional();
const PROFILE = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z_]+:.+)$/;
const scopeSchema = z
  .strictObject({
    tier: name.describe('customers in the months in which they hold it'),
    segment: name.describe('one of `segments`, or of mart rfm: who is in it now'),
    account: name.describe('account id: who was named with it last'),
    profile: z
      .string()
      .regex(PROFILE, { error: 'must be a profile id, or an identifier as type:value, such as email:pia@example.com' })
      .optional()
      .describe('one customer: a profile id, or an identifier as type:value, which a merge does not change'),
  })
  .superRefine((given, ctx) => {
    if (SCOPES.filter((scope) => given[scope] !== undefined).length === 1) return;
    ctx.addIssue({ code: 'custom', message: `must name exactly one of ${SCOPES.join(', ')}` });
  });

const day = z.iso.date({ error: 'must be a day, such as 2026-12-31' });

/** A goal of `goals` of a workspace. */
export const goalSchema = z
  .strictObject({
    name: z.string().min(1),
    for: z
      .union([z.literal('everybody'), scopeSchema])
      .default('everybody')
      .meta({ wanted: 'everybody, or one of tier, segment, account, profile with its name' })
      .describe('whom it is about'),
    measure: z
      .enum(GOAL_MEASURES)
      .describe(
        'customers: how many bought; retention: share, 0 to 1, of those who bought in as many days before `from` that bought again; money in the currency of the workspace',
      ),
    target: z
      .number()
      .positive()
      .max(1e12, { error: 'must be at most 1000000000000' })
      .describe('what is to be reached at the end of `until`'),
    from: day.describe('first day that counts'),
    until: day.describe('last day that counts'),
    owner: z.string().default('').describe('who answers for it'),
  })
  .superRefine(({ measure, target, from, until }, ctx) => {
    const add = (path: string, message: string): void => ctx.addIssue({ code: 'custom', path: [path], message });
    if (until < from) add('until', `must not lie before \`from\`, ${from}`);
    if (measure === 'retention' && target > 1) add('target', 'must be a share for retention: above 0 and at most 1');
  });

export type GoalConfig = z.infer<typeof goalSchema>;
