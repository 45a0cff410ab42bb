const CHUNK_BYTES = 256 * 1024;
/** Up to this length a loop over characters beats the call into native code. */
const SHORT = 40;
const TWO_32 = 0x1_0000_0000;

/**
 * Writes values as ClickHouse's RowBinary has them: little-endian, texts behind their length in bytes.
 * https://clickhouse.com/docs/interfaces/formats/RowBinary
 */
export class RowWriter {
  #bytes = Buffer.alloc(0);
  #view = new DataView(this.#bytes.buffer);
  #start = 0;
  #at = 0;

  /** Begin a row; what was written since the last {@link take} is forgotten. */
  begin(): void {
    this.#at = this.#start;
  }

  /** The bytes since {@link begin}. They stay as they are: nothing is written over them. */
  take(): Uint8Array {
    const row = this.#bytes.subarray(this.#start, this.#at);
    this.#start = this.#at;
    return row;
  }

  /** UTF-8; a lone surrogate becomes U+FFFD. */
  text(value: string): void {
    const { length } = value;
    this.#reserve(5 + length * 3);
    if (length <= SHORT && this.#shortAscii(value)) return;
    // Behind a length as short as that of ASCII text; other text is moved where its own needs more
    const guess = lengthOfCount(length);
    const start = this.#at + guess;
    const written = this.#bytes.write(value, start);
    const needed = lengthOfCount(written);
    if (needed !== guess) this.#bytes.copyWithin(this.#at + needed, start, start + written);
    this.count(written);
    this.#at += written;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(5 + value.length);
    this.count(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** How many elements or bytes follow; before an array, a map or a text. */
  count(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  /** UInt8, Bool, and the mark before a Nullable: 1 where it is NULL. */
  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  /** Int64, UInt64 and DateTime64: any safe integer. */
  int64(value: number): void {
    this.#reserve(8);
    const high = Math.floor(value / TWO_32);
    this.#view.setUint32(this.#at, value - high * TWO_32, true);
    this.#view.setInt32(this.#at + 4, high, true);
    this.#at += 8;
  }

  /** A UInt64 of any size. */
  uint64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.#at, value, true);
    this.#at += 8;
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /** Int128, UInt128 and Decimal(38, s) as the whole number of its smallest unit. */
  int128(value: bigint): void {
    this.#reserve(16);
    this.#view.setBigUint64(this.#at, BigInt.asUintN(64, value), true);
    this.#view.setBigInt64(this.#at + 8, BigInt.asIntN(64, value >> 64n), true);
    this.#at += 16;
  }

  /** @returns false, with nothing written, where there is other than ASCII */
  #shortAscii(value: string): boolean {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) return false;
      bytes[at++] = code;
    }
    bytes[this.#at] = value.length;
    this.#at = at;
    return true;
  }

  /** Room for so many bytes: where this chunk has none, what is begun goes on in a new one. */
  #reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const begun = this.#bytes.subarray(this.#start, this.#at);
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, (begun.length + size) * 2));
    this.#view = new DataView(this.#bytes.buffer);
    this.#bytes.set(begun);
    this.#start = 0;
    this.#at = begun.length;
  }
}

/** Bytes that {@link RowWriter.count} takes. */
function lengthOfCount(value: number): number {
  let length = 1;
  for (let rest = value; rest > 0x7f; rest >>>= 7) length++;
  return length;
}
