import { z } from 'zod';

/** Every error of an HTTP API of ours, as `createHttpHost` writes it. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().describe('code of the error catalogue'),
    message: z.string(),
    path: z.string().optional().describe('JSON path or option at fault'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' });
