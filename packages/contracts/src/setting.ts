import { z } from 'zod';
import { exportDocumentSchema } from './export-config.ts';
import { keyDocumentSchema } from './key-config.ts';
import { webhookDocumentSchema, webhookSwitchSchema } from './webhook.ts';

/** What is managed while Kenal runs, by API and CLI, beside what kenal.yaml says. */
export const SETTING_KINDS = {
  /** A key that reads, as its hash (key-config.ts). */
  key: 'key',
  /** An endpoint that changes are delivered to. */
  webhook: 'webhook',
  /** What is written out by the clock. */
  export: 'export',
} as const;
export type SettingKind = (typeof SETTING_KINDS)[keyof typeof SETTING_KINDS];

/** What a document of each kind must be, or no reader could read it. */
export const settingDocumentSchemas: Readonly<Record<SettingKind, z.ZodType>> = {
  key: keyDocumentSchema,
  webhook: z.union([webhookDocumentSchema, webhookSwitchSchema]),
  export: exportDocumentSchema,
};

/**
 * The value of topic `kenal.settings.v1`, kept for ever: reading all of them gives what is in force. Of a workspace, kind
 * and name the last one on the log holds that is not void (`previous`). It carries no secret: keys are hashes, secrets of webhooks are derived.
 */
export const settingSchema = z.object({
  /** UUIDv7. */
  id: z.string().min(1),
  workspace: z.string().min(1),
  kind: z.enum(SETTING_KINDS),
  name: z.string().min(1),
  /** Microseconds since 1970. */
  issuedAt: z.number().int(),
  /** Who said so: a key's name, a person. */
  actor: z.string(),
  /** JSON object of the kind; null: it is no more. */
  document: z.string().nullable(),
  /** Id of the one that it was made of, '' where none was in force: where another came between, it is void. null: it holds. */
  previous: z.string().nullable(),
});
export type Setting = z.infer<typeof settingSchema>;
