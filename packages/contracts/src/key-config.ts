import { z } from 'zod';
import { keyReference } from './references.ts';

/** What a key that reads may be allowed. */
export const KEY_VERBS = {
  /** People: profiles, timelines, search, orders. */
  profiles: 'profiles',
  /** What came in and what was refused, as it was sent; where an event is. */
  events: 'events',
  /** The SQL endpoint; what marts there are. */
  sql: 'sql',
  /** The change feed. */
  changes: 'changes',
  /** Who is who: directives, reviews, the probabilistic pass; also marts anew, failed events again. */
  decide: 'decide',
  /** Keys, webhooks, exports, jobs. */
  manage: 'manage',
} as const;
export type KeyVerb = (typeof KEY_VERBS)[keyof typeof KEY_VERBS];

export const ALL_VERBS: readonly KeyVerb[] = Object.values(KEY_VERBS);
/** Verbs of `readKeys`. */
export const READ_VERBS: readonly KeyVerb[] = ['profiles', 'events', 'sql', 'changes'];
/** Names of the keys that `kenal up` generates for commands on its machine, and puts beside those of kenal.yaml. */
export const GENERATED_KEYS = { read: 'this-machine-read', steward: 'this-machine' } as const;
/** Verbs whose answers consist of the fields that `fields` can name. */
const WITH_FIELDS: readonly KeyVerb[] = ['profiles', 'changes'];

/** Parts of a profile that a key may be limited to; all but the last two can be narrowed: `traits.email`. */
export const KEY_FIELDS = ['traits', 'identifiers', 'computed', 'consent', 'timeline', 'orders'] as const;
const NARROWED = /^(?:traits|identifiers|computed|consent)\..+$/;

/** One of `fields`. */
export const fieldSchema = z
  .string()
  .refine((field) => (KEY_FIELDS as readonly string[]).includes(field) || NARROWED.test(field), {
    error: `must be ${KEY_FIELDS.join(', ')}, or one of traits, identifiers, computed, consent: traits.email`,
  });

const SCOPE = {
  verbs: z.array(z.enum(KEY_VERBS)).min(1).describe('what the key may do'),
  fields: z
    .array(fieldSchema)
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'parts of a profile that the key sees, such as traits.first_name; without it all; of verbs profiles and changes only',
    ),
};

interface Scope {
  readonly verbs: readonly KeyVerb[];
  readonly fields: readonly string[] | null;
}

/** SQL, raw events and decisions would show, or change, what the fields leave out. */
function refuseOpenFields({ verbs, fields }: Scope, ctx: z.RefinementCtx): void {
  const open = verbs.filter((verb) => !WITH_FIELDS.includes(verb));
  if (fields === null || open.length === 0) return;
  const message = `must be left out: with \`fields\` a key may have ${WITH_FIELDS.join(' and ')} only, not ${open.join(', ')}`;
  ctx.addIssue({ code: 'custom', path: ['fields'], message });
}

const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, { error: 'must be lower case letters, digits, - and _' });

/** A key of kenal.yaml with a scope of its own. */
export const scopedKeySchema = z
  .strictObject({ name: name.describe('as audits call it'), key: keyReference, ...SCOPE })
  .superRefine(refuseOpenFields);
export type ScopedKeyConfig = z.infer<typeof scopedKeySchema>;

/** Name and scope of a key that is made at run time. */
export const newKeySchema = z.strictObject({ name, ...SCOPE }).superRefine(refuseOpenFields);

/** Document of a setting of kind `key`: no key, only its hash. */
export const keyDocumentSchema = z.object({ hash: z.string().regex(/^sha256:[0-9a-f]{64}$/), ...SCOPE });
export type KeyDocument = z.infer<typeof keyDocumentSchema>;
