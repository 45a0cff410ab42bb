import { z } from 'zod';

/** Somebody read the data of a person: the value of topic `kenal.reads.v1`, the audit of reads. */
export const readSchema = z.object({
  /** UUIDv7. */
  id: z.string().min(1),
  workspace: z.string().min(1),
  /** Microseconds since 1970. */
  at: z.number().int(),
  /** Name of the key or token. */
  reader: z.string(),
  /** Operation, as the description of the API names it: `getProfile`. */
  action: z.string(),
  /** '' where it was not about one person. */
  profileId: z.string(),
  /** Parts that were shown, where not all were. */
  fields: z.array(z.string()),
});
export type Read = z.infer<typeof readSchema>;
