import { parseTime } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { z } from 'zod';
import type { JsonRecord } from '../json/inspect.ts';
import { isRecord } from '../json/inspect.ts';

/** A failed event as `failed_events` has it, to be judged, repaired, sent again or given up. */
export interface FailedAgain {
  readonly failureId: string;
  /** When it came for the first time, microseconds: erasures and clocks go by it. */
  readonly receivedAt: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** SHA-256 of the bytes as they came, where `body` is a repaired one; else ''. */
  readonly original: string;
  /** What the call had said of all its events. */
  readonly frame: JsonRecord;
  /** Of who decides, beside the key. */
  readonly actor: string | null;
  readonly note: string;
}

export const requestSchema = z.strictObject({
  failureId: z.string().min(1).max(512),
  receivedAt: z.string(),
  contentType: z.string().max(512).default(''),
  body: z.base64().default(''),
  original: z
    .string()
    .regex(/^([0-9a-f]{64})?$/, { error: 'expected 64 hex digits' })
    .default('')
    .describe('SHA-256 of the bytes as they came, where body is a repaired one: events without an id are named by it'),
  frame: z.string().max(524_288).default(''),
  actor: z.string().trim().min(1).max(200).optional(),
  note: z.string().trim().max(2_000).default(''),
});

/** @throws KenalError `bad_body` naming the field */
export function readFailedAgain(bytes: Buffer): FailedAgain {
  const parsed = requestSchema.safeParse(parse(bytes.toString('utf8')));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new KenalError('bad_body', `${issue?.path.join('.') ?? '$'}: ${issue?.message}`);
  }
  const { receivedAt: raw, body, frame, actor = null, ...rest } = parsed.data;
  const receivedAt = parseTime(raw);
  if (receivedAt === null) throw new KenalError('bad_body', 'receivedAt: expected ISO 8601');
  const framed = frame === '' ? {} : parse(frame);
  return { ...rest, receivedAt, actor, body: Buffer.from(body, 'base64'), frame: isRecord(framed) ? framed : {} };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KenalError('bad_json');
  }
}
