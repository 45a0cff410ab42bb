import { z } from 'zod';

/** What reads of people ask by: who it is, what to show, which page. */
export const profileParams = z.object({
  profile: z
    .string()
    .min(1)
    .describe(
      '`type:value`, URL-encoded (`email:ann%40example.com`), or any profile id that was ever issued; with a token of one person `me`',
    ),
});

export const fields = z
  .string()
  .optional()
  .describe('what to show, with commas: `traits.email,computed.churn,identifiers`; without it all that the key shows');
/** The query of a read that takes nothing else. */
export const partQuery = z.object({ fields });

export const MAX_PAGE = 500;
export const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(MAX_PAGE)
  .default(50)
  .describe(`entries of a page, at most ${MAX_PAGE}`);
export const cursor = z.string().optional().describe('`cursor` of the page before; stable while new entries come in');
export const yes = z
  .enum(['true', 'false', '1', '0', ''], { error: 'must be true or false' })
  .optional()
  .transform((text) => text === 'true' || text === '1' || text === '');
