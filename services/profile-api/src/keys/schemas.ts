import { KEY_VERBS } from '@kenal/contracts';
import { z } from 'zod';

export const keyView = z
  .object({
    name: z.string(),
    from: z
      .enum(['kenal.yaml', 'generated', 'api'])
      .describe('kenal.yaml: it is changed there; generated: for commands on the machine of Kenal'),
    verbs: z.array(z.enum(KEY_VERBS)),
    fields: z.array(z.string()).nullable().describe('parts of a profile that it shows; null: all'),
    hash: z.string().describe('the first letters of its SHA-256'),
    createdAt: z.string().nullable().describe('ISO 8601; null unless made by the API'),
    createdBy: z.string().nullable(),
  })
  .meta({ id: 'Key', description: 'a key that reads, decides or manages; the key itself is kept nowhere' });
export type KeyView = z.infer<typeof keyView>;

export const keysView = z.object({ keys: z.array(keyView) }).meta({ id: 'Keys' });

export const newKeyView = keyView
  .extend({ key: z.string().describe('shown this once') })
  .meta({ id: 'NewKey', description: 'a key as it was made' });

export const revokedView = z.object({ revoked: z.string().describe('name of the key') });

export const keyParams = z.object({ name: z.string().min(1).max(63) });
