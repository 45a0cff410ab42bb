import { z } from 'zod';

/** What a column of person records holds, hence how it is compared. */
export const LINKAGE_ROLES = {
  ...{ given: 'given', family: 'family', middle: 'middle', suffix: 'suffix', full: 'full' },
  ...{ organisation: 'organisation' },
  ...{ birthDate: 'birthDate', date: 'date', email: 'email', phone: 'phone', postcode: 'postcode' },
  ...{ street: 'street', number: 'number', place: 'place', text: 'text', category: 'category', code: 'code' },
} as const;
export type LinkageRole = (typeof LINKAGE_ROLES)[keyof typeof LINKAGE_ROLES];

/** What several columns together are evidence of. */
export const LINKAGE_SOURCES = {
  ...{ name: 'name', date: 'date', email: 'email', phone: 'phone', postcode: 'postcode', code: 'code' },
  ...{ street: 'street', number: 'number', place: 'place', text: 'text', category: 'category' },
  ...{ organisation: 'organisation' },
} as const;
export type LinkageSource = (typeof LINKAGE_SOURCES)[keyof typeof LINKAGE_SOURCES];

const share = z.number().min(0).max(1);
const position = z.int().min(0);

/** Everything by which two records of persons are compared; holds no person's data, only hashes of frequent values. */
export const linkageModelSchema = z.strictObject({
  version: z.string().describe('hash of all the rest'),
  seed: z.int(),
  sources: z.array(
    z.strictObject({
      kind: z.enum(LINKAGE_SOURCES),
      name: z.string(),
      columns: z.array(z.strictObject({ name: z.string(), role: z.enum(LINKAGE_ROLES) })),
      dayFirst: z.boolean().describe('what 03/04/1971 means'),
      identifies: z.boolean().describe('its values are given out to one person each'),
    }),
  ),
  prior: share.describe('share of all pairs of records that are of one person'),
  household: share.describe('share that is of two people of one household'),
  features: z.array(
    z.strictObject({
      name: z.string(),
      shared: share.describe('how often two people of one household have the same'),
      m: z.array(share).describe('by level: share among pairs of one person'),
      u: z.array(share).describe('by level: share among pairs of two'),
    }),
  ),
  overlap: z
    .strictObject({
      order: z.array(position).describe('features of places, the rarest agreement first'),
      agree: z
        .array(z.array(share))
        .describe('by place in the order, by place before it: bits for that count beside it'),
      differ: z.array(z.array(share)).describe('the same of bits against'),
    })
    .default({ order: [], agree: [], differ: [] })
    .describe('how much a part of an address says beside another one that says the same'),
  rates: z.array(
    z.strictObject({
      source: position,
      key: position,
      rest: share.describe('of values that hardly anybody shares'),
      common: z.array(z.tuple([z.int(), share])).describe('32-bit hash of a frequent value, its rate'),
    }),
  ),
  blocking: z.array(
    z
      .array(z.strictObject({ source: position, key: position, name: z.string() }))
      .min(1)
      .max(2),
  ),
  quality: z.strictObject({
    records: z.int(),
    candidates: z.int().describe('pairs that the blocking keys found'),
    dropped: z.strictObject({ blocks: z.int(), records: z.int() }).describe('blocks larger than the limit'),
    expectedMatches: z.number().describe('pairs of one person that the model believes in'),
    expectedPrecision: share.describe('mean probability of the pairs from 0.5 up'),
  }),
});
export type LinkageModel = z.infer<typeof linkageModelSchema>;
export type LinkageSourcePlan = LinkageModel['sources'][number];
export type LinkageBlockingKey = LinkageModel['blocking'][number];
