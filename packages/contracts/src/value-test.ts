import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean()], { error: 'must be a text, a number, or true or false' });
const order = z.union([z.string(), z.number()], { error: 'must be a number, or a text such as a day: 2026-03-31' });

/** What can be asked of a value; all that is given must hold. A value that is not there holds for `exists: false` alone. */
export const TESTS = {
  eq: scalar.optional().describe('is this'),
  ne: scalar.optional().describe('is there, and is something else'),
  gt: order.optional().describe('is greater; numbers as numbers, texts by their letters'),
  gte: order.optional().describe('is this or greater'),
  lt: order.optional().describe('is smaller'),
  lte: order.optional().describe('is this or smaller'),
  in: z.array(scalar).min(1, { error: 'must name at least one value' }).optional().describe('is one of these'),
  contains: z.string().min(1).optional().describe('is a text with this in it, or a list with this in it'),
  exists: z.boolean().optional().describe('is there at all'),
};
const TEST_NAMES: readonly string[] = Object.keys(TESTS);

/** What is asked of a value: the value itself, a list of those that will do, or tests. */
export const valueTestSchema = z.union(
  [
    scalar,
    z.array(scalar).min(1),
    z.strictObject(TESTS).refine(isAsking, { error: `must say what to ask: ${TEST_NAMES.join(', ')}` }),
  ],
  { error: `must be a value, a list of values, or tests such as { gte: 3 }; there are ${TEST_NAMES.join(', ')}` },
);
export type ValueTest = z.infer<typeof valueTestSchema>;
export type Scalar = z.infer<typeof scalar>;

/** The long form. */
export interface ValueTests {
  readonly eq?: Scalar | undefined;
  readonly ne?: Scalar | undefined;
  readonly gt?: string | number | undefined;
  readonly gte?: string | number | undefined;
  readonly lt?: string | number | undefined;
  readonly lte?: string | number | undefined;
  readonly in?: readonly Scalar[] | undefined;
  readonly contains?: string | undefined;
  readonly exists?: boolean | undefined;
}

/** Whether anything is asked. */
export function isAsking(tests: ValueTests): boolean {
  return TEST_NAMES.some((name) => tests[name as keyof ValueTests] !== undefined);
}

/** `DE` is `{eq: DE}`, `[DE, FR]` is `{in: [DE, FR]}`. */
export function testsOf(test: ValueTest): ValueTests {
  if (Array.isArray(test)) return { in: test };
  return typeof test === 'object' ? test : { eq: test };
}
