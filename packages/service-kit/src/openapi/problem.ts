import { CATALOGUE } from '@kenal/errors';
import { z } from 'zod';

/** Beside the type, which is not checked: an answer must not fail for a code of a newer part. */
const CODES = { enum: Object.keys(CATALOGUE) };

/** Every error of an HTTP API of ours, as `createHttpHost` writes it. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().meta({ ...CODES, description: 'of the error catalogue; what a program goes by' }),
    message: z.string().describe('what a person is told'),
    path: z.string().optional().describe('JSON path or option at fault'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' });
