import avsc, { type Schema, type Type } from 'avsc';

const { types } = avsc; // a CommonJS module: only the default import has its names at run time

/** The parts of avsc's internals that a collection reader touches (avsc 5.7.9, lib/utils.js `Tap`, lib/types.js). */
interface Tap {
  readonly buf: Uint8Array;
  pos: number;
  readLong(): number;
  skipLong(): void;
  readString(): string;
}
interface Reader {
  _read(tap: Tap): unknown;
}
interface Writer {
  _write(tap: Tap, value: unknown): void;
}

/**
 * Compile a schema into an avsc type that is safe on hostile bytes.
 * avsc believes the length prefix of arrays and maps: six bytes of garbage make it loop 2^40 times. Each item takes a
 * byte at least, so a count above the bytes that are left is refused. Map keys such as `__proto__` stay plain keys.
 * Longs are exact from −2^52 to 2^53 − 2, and refused beyond: avsc would write odd negative ones below −2^52 off by one.
 * Texts are UTF-8 whatever they hold: avsc would write a lone surrogate as three bytes that no other client can read.
 */
export function compileSchema(schema: unknown): Type {
  return avsc.Type.forSchema(schema as Schema, {
    wrapUnions: 'never',
    omitRecordMethods: true,
    typeHook: guard,
  });
}

// avsc freezes its types, so the guarded type is an object that inherits from the one avsc made.
function guard(schema: unknown, options: object): Type | undefined {
  if (schema === 'long') return guardedLong();
  if (schema === 'string') return guardedString();
  switch ((schema as { type?: unknown } | null)?.type) {
    case 'array': {
      const type = new types.ArrayType(schema as never, options as never);
      return withRead(type, (tap) => readArray(tap, type.itemsType as unknown as Reader));
    }
    case 'map': {
      const type = new types.MapType(schema as never, options as never);
      return withRead(type, (tap) => readMap(tap, type.valuesType as unknown as Reader));
    }
    default:
      return undefined;
  }
}

function withRead(type: Type, read: Reader['_read']): Type {
  return Object.create(type, { _read: { value: read } }) as Type;
}

const LEAST_LONG = -(2 ** 52);

function guardedLong(): Type {
  const type = new types.LongType();
  const write = (type as unknown as Writer)._write;
  const guarded = (tap: Tap, value: unknown): void => {
    if ((value as number) < LEAST_LONG) throw new RangeError(`${value} is below the least whole number that is exact`);
    write.call(type, tap, value);
  };
  return Object.create(type, { _write: { value: guarded } }) as Type;
}

function guardedString(): Type {
  const type = new types.StringType();
  const write = (type as unknown as Writer)._write;
  const guarded = (tap: Tap, value: unknown): void => {
    write.call(type, tap, typeof value === 'string' && !value.isWellFormed() ? value.toWellFormed() : value);
  };
  return Object.create(type, { _write: { value: guarded } }) as Type;
}

function readArray(tap: Tap, items: Reader): unknown[] {
  const values: unknown[] = [];
  for (let count = readCount(tap); count > 0; count = readCount(tap)) {
    while (count-- > 0) values.push(items._read(tap));
  }
  return values;
}

function readMap(tap: Tap, items: Reader): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (let count = readCount(tap); count > 0; count = readCount(tap)) {
    while (count-- > 0) {
      const key = tap.readString();
      const value = items._read(tap);
      if (key === '__proto__') {
        Object.defineProperty(values, key, { value, enumerable: true, writable: true, configurable: true });
      } else {
        values[key] = value;
      }
    }
  }
  return values;
}

/** Length of the next block, 0 at the end. A negative length is followed by the block's size in bytes, not needed here. */
function readCount(tap: Tap): number {
  const count = tap.readLong();
  if (count < 0) tap.skipLong();
  const items = Math.abs(count);
  if (items > tap.buf.length - tap.pos) throw new RangeError(`a block of ${items} items in fewer bytes`);
  return items;
}
