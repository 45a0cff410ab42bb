import { FAILED_BODY, type Interaction, type JsonValue } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { UsageError } from '../cli/usage-error.ts';

/** A failed event's bytes and what they are. */
export interface FailedBody {
  readonly body: Buffer;
  readonly contentType: string;
}

/** The part of a body that a person repairs, and the way back. */
export interface EditableBody {
  readonly value: JsonValue;
  /** The body with another value in place of that part. */
  write(value: JsonValue): FailedBody;
}

/**
 * Bytes → what is to be repaired: of a vendor's part the part without its headers, of an interaction in Avro its JSON, else
 * the JSON itself.
 * @throws UsageError where it is no JSON: then only `--file` can replace it
 */
export function openBody({ body, contentType }: FailedBody): EditableBody {
  const json = (value: JsonValue): Buffer => Buffer.from(JSON.stringify(value));
  if (contentType.startsWith(FAILED_BODY.avro)) {
    const value = createCodec<Interaction>('interaction').decode(body) as unknown as JsonValue;
    return { value, write: (repaired) => ({ body: json(repaired), contentType: FAILED_BODY.interaction }) };
  }
  const value = parse(body);
  if (contentType === FAILED_BODY.item && typeof value === 'object' && value !== null && 'item' in value)
    return { value: value.item ?? null, write: (item) => ({ body: json({ ...value, item }), contentType }) };
  return { value, write: (repaired) => ({ body: json(repaired), contentType }) };
}

function parse(body: Buffer): JsonValue {
  try {
    return JSON.parse(body.toString('utf8')) as JsonValue;
  } catch {
    throw new UsageError('its body is no JSON; give a repaired one whole with --file');
  }
}
