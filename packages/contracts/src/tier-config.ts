import { z } from 'zod';

/** What a tier is given by. */
const TIER_MEASURES = ['net', 'gross', 'margin', 'orders', 'points'] as const;

const NO_NAME = 'must not be empty: the marts write so that there is none';

/** Money is stored to six digits; a number of JSON carries fifteen. */
const amount = z
  .number()
  .min(0)
  .max(1e9, { error: 'must be at most 1000000000' })
  .refine((value) => Number(value.toFixed(6)) === value, { error: 'must have at most 6 digits after the point' });

const levelSchema = z.strictObject({
  name: z.string().min(1, { error: NO_NAME }),
  from: amount.describe('the value that reaches it, in the measure; money in the currency of the workspace'),
  keep: amount.optional().describe('the value that is enough to stay in it, at most `from`; default: `from`'),
});

/** `tiers` of a workspace. */
export const tiersSchema = z
  .strictObject({
    measure: z
      .enum(TIER_MEASURES)
      .default('net')
      .describe('net: gross less what came back; margin: of lines whose cost is known; points: as earned'),
    windowMonths: z
      .number()
      .int()
      .min(1)
      .max(120)
      .default(12)
      .describe('calendar months that the value is of, the present one included'),
    graceMonths: z
      .number()
      .int()
      .min(0)
      .max(24)
      .default(1)
      .describe('months in a row that may end below `keep`; after one more the customer falls by one level'),
    levels: z.array(levelSchema).min(1).describe('the lowest first'),
  })
  .superRefine(({ levels }, ctx) => {
    const add = (level: number, option: string, message: string): void =>
      ctx.addIssue({ code: 'custom', path: ['levels', level, option], message });
    const names = new Set<string>();
    for (const [i, { name, from, keep = from }] of levels.entries()) {
      const below = levels[i - 1];
      if (names.size === names.add(name).size) add(i, 'name', 'must differ from the name of every other level');
      if (below !== undefined && from <= below.from)
        add(i, 'from', `must be above that of the level before it, ${below.name}: ${below.from}`);
      if (keep > from) add(i, 'keep', `must be at most \`from\`, ${from}: who reaches a level has to stay in it`);
      else if (below !== undefined && keep < (below.keep ?? below.from))
        add(i, 'keep', `must not be below what keeps the level before it, ${below.name}: ${below.keep ?? below.from}`);
    }
  });

export type TiersConfig = z.infer<typeof tiersSchema>;
