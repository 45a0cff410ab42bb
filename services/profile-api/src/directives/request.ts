import { KenalError } from '@kenal/errors';
import { z } from 'zod';
import { readBody } from '../http/read-body.ts';

const MOST_GROUPS = 50;
const LONGEST_REASON = 1_000;
const MOST_LINKS = 1_000;

const reference = z
  .string({ error: 'must be text' })
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(1_100)
  .describe('`type:value` in any spelling (`email:Ann@Example.com`), or a profile id');
const profile = reference.describe('`type:value` of one of its identifiers, or any profile id that was ever issued');
const normalised = z.string().min(3).max(1_100).describe('`type:value`, normalised');
const pair = z.strictObject({ a: reference, b: reference });
const source = z.strictObject({
  source: z
    .string()
    .min(1, { error: 'must not be empty' })
    .max(256)
    .describe('id of a source, as in `source` of interactions'),
});
const group = z.union([z.literal('rest'), z.array(reference).min(1, { error: 'must not be empty' })]);

const decisions = {
  must: pair.optional().describe('the two are one person, whatever limits say'),
  unlink: pair.optional().describe('the two are two people, also when they are seen together again'),
  revoke: z.union([pair, source]).optional().describe('a link, or all that a source said, counts as never seen'),
  clear: z.union([pair, source]).optional().describe('take back what was decided of a pair or a source'),
  split: z
    .strictObject({
      profile,
      groups: z
        .array(group)
        .min(2, { error: 'must be two groups at least; "rest" is the group of all that the others do not name' })
        .max(MOST_GROUPS)
        .describe(
          'identifiers of each person; `"rest"` in the place of one: all that no other group names. Without it those that are named nowhere go where their own links lead',
        ),
    })
    .optional()
    .describe('one profile becomes several'),
  erase: z
    .strictObject({ profile })
    .optional()
    .describe('a person is forgotten, and not made again from what came before'),
  consent: z
    .strictObject({
      profile,
      purpose: z.string().trim().min(1, { error: 'must not be empty' }).max(128),
      granted: z.boolean(),
    })
    .optional()
    .describe('what somebody agrees to, or does not any more'),
  ruleset: z
    .strictObject({ identity: z.record(z.string(), z.unknown()).describe('as `workspaces.identity` of kenal.yaml') })
    .optional()
    .describe('other identity rules, until kenal.yaml says something else'),
  model: z.record(z.string(), z.unknown()).optional().describe('a trained model of the probabilistic pass'),
  linkage: z
    .strictObject({
      model: z
        .string()
        .min(1)
        .max(64)
        .describe('version of the model that says so; its links count while it is in force'),
      pairs: z
        .array(
          z.strictObject({
            a: normalised,
            b: normalised,
            weight: z.number().min(-1_000).max(1_000).describe('log2 of the odds that the two are one person'),
            detail: z.string().max(4_000).describe('bits by field, as a JSON object'),
          }),
        )
        .min(1)
        .max(MOST_LINKS),
    })
    .optional()
    .describe('links by probability, as job-runner hands them in'),
} as const;
const DECISIONS = Object.keys(decisions) as readonly (keyof typeof decisions)[];

/** What somebody may say when something is decided. */
export const reasonSchema = z
  .string({ error: 'must be text that says why: it stands in the audit' })
  .trim()
  .min(1, { error: 'must say why: it stands in the audit' })
  .max(LONGEST_REASON)
  .describe('why; kept for ever, so no names of people');
export const actorSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .optional()
  .describe('who decides; stands in the audit beside the name of the key');

/** A body of `POST /v1/directives`: one decision, and why. */
const directiveRequestSchema = z.strictObject({ ...decisions, reason: reasonSchema, actor: actorSchema });
export type DirectiveRequest = z.infer<typeof directiveRequestSchema>;
/** The same for the API description. */
export const directiveRequestBody = directiveRequestSchema.meta({
  id: 'DirectiveRequest',
  description: 'exactly one decision, and why',
  examples: [
    {
      unlink: { a: 'email:family@example.com', b: 'user_id:ann' },
      ...{ reason: 'a mailbox of two', actor: 'Eve' },
    },
  ],
});

const EXAMPLE = '{"unlink": {"a": "…", "b": "…"}, "reason": "…"}';

/**
 * Read a body, whatever its content type.
 * @throws KenalError `bad_json`, `bad_body`
 */
export function readDirectiveRequest(body: unknown): DirectiveRequest {
  const asked = readBody(directiveRequestSchema, body, EXAMPLE);
  const given = DECISIONS.filter((name) => asked[name] !== undefined);
  if (given.length === 1) return asked;
  const found = given.length === 0 ? 'none' : given.join(' and ');
  throw new KenalError('bad_body', `the body must hold one decision, not ${found}: ${DECISIONS.join(', ')}`);
}
