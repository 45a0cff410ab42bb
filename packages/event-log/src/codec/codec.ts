import { SCHEMAS, type SchemaName, type SchemaVersion } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Type } from 'avsc';
import { compileSchema } from './guard.ts';

/** Turns values of one schema name into log bytes and back. */
export interface Codec<T> {
  /**
   * Newest version of the schema. Lone surrogates become U+FFFD.
   * @throws Error where the value has not the schema's shape, or a whole number is beyond 2^53
   */
  encode(value: T): Uint8Array;
  /** Any version of the name. @throws KenalError `event_undecodable` */
  decode(bytes: Uint8Array): T;
}

// Confluent framing: byte 0, schema id as four bytes big-endian, Avro body. `00 00 00 00 01 …` is interaction v1.
const FRAME_BYTES = 5;
const FIRST_SCRATCH_BYTES = 64 * 1024;
const KEPT_SCRATCH_BYTES = 4 * 1024 * 1024;

// One for all codecs of the thread: encoding is synchronous, and what is returned is a copy.
let scratch = Buffer.allocUnsafeSlow(FIRST_SCRATCH_BYTES);

/** Codec of every version of `name`. Compiles the schemas: make one at start, not one a batch. */
export function createCodec<T>(name: SchemaName): Codec<T> {
  return codecOf(SCHEMAS.filter((version) => version.name === name));
}

/** The same over a given list of versions of one name, oldest first; for tests of the evolution of schemas. */
export function codecOf<T>(versions: readonly SchemaVersion[]): Codec<T> {
  const newest = versions.at(-1);
  if (newest === undefined) throw new Error('a codec needs one schema version at least');
  const writer = compileSchema(newest.schema);
  const binaryFields = bytesFieldsOf(newest);
  const readers = new Map<number, (body: Buffer) => unknown>();
  for (const version of versions) readers.set(version.id, readerOf(version === newest ? null : version, writer));

  return {
    encode(value) {
      return frame(newest.id, writer, binaryFields.length === 0 ? value : withBuffers(value as object, binaryFields));
    },
    decode(bytes) {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const read = buffer.length > FRAME_BYTES && buffer[0] === 0 ? readers.get(buffer.readUInt32BE(1)) : undefined;
      if (read === undefined) throw new KenalError('event_undecodable', `no ${newest.name} in Confluent framing`);
      try {
        const value = read(buffer.subarray(FRAME_BYTES));
        if (binaryFields.length > 0) toPlainBytes(value as Record<string, unknown>, binaryFields);
        return value as T;
      } catch (cause) {
        throw new KenalError('event_undecodable', `broken ${newest.name}`, { cause });
      }
    },
  };
}

function readerOf(older: SchemaVersion | null, newest: Type): (body: Buffer) => unknown {
  if (older === null) return (body) => newest.fromBuffer(body);
  const resolver = newest.createResolver(compileSchema(older.schema));
  return (body) => newest.fromBuffer(body, resolver);
}

function frame(id: number, type: Type, value: unknown): Uint8Array {
  for (;;) {
    const end = type.encode(value, scratch, FRAME_BYTES);
    if (end < 0) {
      scratch = Buffer.allocUnsafeSlow(scratch.length - end + FRAME_BYTES);
      continue;
    }
    scratch[0] = 0;
    scratch.writeUInt32BE(id, 1);
    const framed = Uint8Array.prototype.slice.call(scratch, 0, end);
    if (scratch.length > KEPT_SCRATCH_BYTES) scratch = Buffer.allocUnsafeSlow(FIRST_SCRATCH_BYTES);
    return framed;
  }
}

/** Names of the top-level fields of Avro type `bytes`: avsc takes and gives Buffers, contracts speak of Uint8Array. */
function bytesFieldsOf(version: SchemaVersion): readonly string[] {
  const { fields } = version.schema as unknown as { fields: readonly { name: string; type: unknown }[] };
  const named = fields.filter((field) => field.type === 'bytes').map((field) => field.name);
  const everywhere = JSON.stringify(version.schema).split('"bytes"').length - 1;
  if (everywhere !== named.length) throw new Error(`${version.name}: bytes must be required top-level fields`);
  return named;
}

function withBuffers(value: object, names: readonly string[]): object {
  const copy: Record<string, unknown> = { ...value };
  for (const name of names) {
    const bytes = copy[name];
    if (bytes instanceof Uint8Array) copy[name] = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  return copy;
}

function toPlainBytes(value: Record<string, unknown>, names: readonly string[]): void {
  for (const name of names) {
    const buffer = value[name] as Buffer;
    value[name] = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }
}
