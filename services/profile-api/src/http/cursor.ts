import { KenalError } from '@kenal/errors';
import type { z } from 'zod';

/** A place in a list as opaque text. */
export function writeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place), 'utf8').toString('base64url');
}

/** @throws KenalError `bad_query` where it is none of ours */
export function readCursor<S extends z.ZodType>(schema: S, text: string): z.infer<S> {
  try {
    return schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new KenalError('bad_query', 'the cursor is not one that this endpoint gave', { cause });
  }
}
