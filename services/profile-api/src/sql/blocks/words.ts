/**
 * Arithmetic of 64 bits, without sign, on registers: numbered places of an array of 32-bit halves, the low one first. BigInt
 * does the same at a tenth of the speed (an object for every value): see README.md.
 */
const halves = new Int32Array(64);

/** Number of a register, 0 to 31. */
export type Register = number;

/** `to` becomes `low + high * 2^32`. */
export function set(to: Register, low: number, high: number): void {
  halves[2 * to] = low;
  halves[2 * to + 1] = high;
}

/** A constant in a register of its own. @param hex 16 digits */
export function constant(to: Register, hex: string): Register {
  set(to, Number.parseInt(hex.slice(8), 16), Number.parseInt(hex.slice(0, 8), 16));
  return to;
}

export function copy(to: Register, from: Register): void {
  set(to, halves[2 * from] as number, halves[2 * from + 1] as number);
}

/** Eight bytes, the lowest first. */
export function load(to: Register, view: DataView, at: number): void {
  halves[2 * to] = view.getInt32(at, true);
  halves[2 * to + 1] = view.getInt32(at + 4, true);
}

export function store(from: Register, view: DataView, at: number): void {
  view.setInt32(at, halves[2 * from] as number, true);
  view.setInt32(at + 4, halves[2 * from + 1] as number, true);
}

export function add(to: Register, a: Register, b: Register): void {
  const low = ((halves[2 * a] as number) >>> 0) + ((halves[2 * b] as number) >>> 0);
  const carry = low > 0xffffffff ? 1 : 0;
  halves[2 * to + 1] = ((halves[2 * a + 1] as number) + (halves[2 * b + 1] as number) + carry) | 0;
  halves[2 * to] = low | 0;
}

export function subtract(to: Register, a: Register, b: Register): void {
  const low = halves[2 * a] as number;
  const less = halves[2 * b] as number;
  const borrow = low >>> 0 < less >>> 0 ? 1 : 0;
  halves[2 * to + 1] = ((halves[2 * a + 1] as number) - (halves[2 * b + 1] as number) - borrow) | 0;
  halves[2 * to] = (low - less) | 0;
}

export function xor(to: Register, a: Register, b: Register): void {
  halves[2 * to] = (halves[2 * a] as number) ^ (halves[2 * b] as number);
  halves[2 * to + 1] = (halves[2 * a + 1] as number) ^ (halves[2 * b + 1] as number);
}

/** By halves of 16 bits, whose products fit. */
export function multiply(to: Register, a: Register, b: Register): void {
  const aLow = halves[2 * a] as number;
  const bLow = halves[2 * b] as number;
  const a0 = aLow & 0xffff;
  const a1 = aLow >>> 16;
  const b0 = bLow & 0xffff;
  const b1 = bLow >>> 16;
  const middle = (Math.imul(a1, b0) >>> 0) + (Math.imul(a0, b0) >>> 16);
  const other = (Math.imul(a0, b1) >>> 0) + (middle & 0xffff);
  const carried = Math.imul(a1, b1) + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000);
  const crossed = Math.imul(halves[2 * a + 1] as number, bLow) + Math.imul(aLow, halves[2 * b + 1] as number);
  halves[2 * to + 1] = (carried + crossed) | 0;
  halves[2 * to] = Math.imul(aLow, bLow);
}

/** To the right. @param by 1 to 63, but not 32 */
export function rotate(to: Register, from: Register, by: number): void {
  const low = halves[2 * from + (by >> 5)] as number;
  const high = halves[2 * from + 1 - (by >> 5)] as number;
  const bits = by & 31;
  halves[2 * to] = (low >>> bits) | (high << (32 - bits));
  halves[2 * to + 1] = (high >>> bits) | (low << (32 - bits));
}

/** `value ^ (value >> 47)` */
export function shiftMix(to: Register, from: Register): void {
  const high = halves[2 * from + 1] as number;
  halves[2 * to] = (halves[2 * from] as number) ^ (high >>> 15);
  halves[2 * to + 1] = high;
}
