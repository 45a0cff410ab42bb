import { z } from 'zod';

/** Ways to read a value, by name. */
const CONVERTERS = ['text', 'trim', 'number', 'integer', 'boolean', 'lower', 'upper', 'date', 'json'] as const;
/** What the sign of a number means. */
const SIGNS = ['keep', 'return', 'negate'] as const;

export const constant = z.union([z.string(), z.number(), z.boolean()]);
export const constSchema = z.union([z.strictObject({ const: constant }), z.strictObject({ value: constant })]);

/** How a value is read, wherever it stands: the vocabulary of every mapping file. */
export const readingOptions = {
  date: z.string().optional(),
  format: z.string().optional(),
  zone: z.string().optional(),
  timezone: z.string().optional(),
  decimal: z.enum([',', '.']).optional(),
  thousands: z.enum([',', '.', ' ', "'"]).optional(),
  sign: z.enum(SIGNS).optional(),
  convert: z.enum(CONVERTERS).optional(),
  /** Values that count as empty beside the empty text. */
  empty: z.array(z.string()).optional(),
  /** Taken where the value is empty. */
  default: constant.optional(),
} as const;
export type Reading = z.infer<z.ZodObject<typeof readingOptions>>;
