import { FAILED_BODY, type Interaction, type JsonObject, type JsonValue } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { UsageError } from '../cli/usage-error.ts';
import { isObject } from './set-path.ts';

/** A failed event's bytes and what they are. */
export interface FailedBody {
  readonly body: Buffer;
  readonly contentType: string;
}

/** The part of a body that a person repairs, and the way back. */
export interface EditableBody {
  readonly value: JsonValue;
  /** Headers that a vendor's part was kept with; null where there are none. */
  readonly headers: JsonObject | null;
  /** The body with another value in place of that part, and of its headers. */
  write(value: JsonValue, headers?: JsonValue): FailedBody;
}

/**
 * Bytes → what is to be repaired: of a vendor's part the part, its headers beside it, of an interaction in Avro its JSON, else
 * the JSON itself.
 * @throws UsageError where it is no JSON: then only `--file` can replace it
 */
export function openBody({ body, contentType }: FailedBody): EditableBody {
  const json = (value: JsonValue): Buffer => Buffer.from(JSON.stringify(value));
  if (contentType.startsWith(FAILED_BODY.avro)) {
    const value = createCodec<Interaction>('interaction').decode(body) as unknown as JsonValue;
    return {
      ...{ value, headers: null },
      write: (repaired) => ({ body: json(repaired), contentType: FAILED_BODY.interaction }),
    };
  }
  const value = parse(body);
  if (contentType !== FAILED_BODY.item || !isObject(value) || !('item' in value))
    return { value, headers: null, write: (repaired) => ({ body: json(repaired), contentType }) };
  const headers = isObject(value.headers) ? value.headers : {};
  return {
    ...{ value: value.item ?? null, headers },
    write: (item, repaired = headers) => ({ body: json({ ...value, headers: repaired, item }), contentType }),
  };
}

function parse(body: Buffer): JsonValue {
  try {
    return JSON.parse(body.toString('utf8')) as JsonValue;
  } catch {
    throw new UsageError('its body is no JSON; give a repaired one whole with --file');
  }
}
