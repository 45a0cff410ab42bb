import { add, constant, copy, load, multiply, rotate, set, shiftMix, store, subtract, xor } from './words.ts';

// CityHash128 of version 1.0.2, which ClickHouse froze for its checksums (contrib/cityhash102; MIT, Google): later versions
// of CityHash give other values. The names are those of the reference.
const K0 = constant(0, 'c3a5c85c97cb3127');
const K1 = constant(1, 'b492b66fbe98f273');
const K2 = constant(2, '9ae16a3b2f90404f');
const K3 = constant(3, 'c949d7c7509e6557');
const MUL = constant(4, '9ddfea08eb382d69');
const [A, B, C, D] = [5, 6, 7, 8] as const;
const [X, Y, Z] = [9, 10, 11] as const;
const [V0, V1, W0, W1] = [12, 13, 14, 15] as const;
const [S, T, U] = [16, 17, 18] as const;
const [LENGTH, RESULT] = [19, 20] as const;

/** A hash of 16 bytes to 8. */
function hash16(to: number, low: number, high: number): void {
  xor(S, low, high);
  multiply(S, S, MUL);
  shiftMix(S, S);
  xor(T, high, S);
  multiply(T, T, MUL);
  shiftMix(T, T);
  multiply(to, T, MUL);
}

function hash0to16(to: number, view: DataView, at: number, length: number): void {
  if (length > 8) {
    load(T, view, at);
    load(U, view, at + length - 8);
    set(S, length, 0);
    add(S, U, S);
    rotate(RESULT, S, length);
    hash16(to, T, RESULT);
    load(U, view, at + length - 8);
    xor(to, to, U);
  } else if (length >= 4) {
    const four = view.getUint32(at, true);
    set(T, length, 0);
    set(U, four << 3, four >>> 29);
    add(T, T, U);
    set(U, view.getUint32(at + length - 4, true), 0);
    hash16(to, T, U);
  } else if (length > 0) {
    set(T, view.getUint8(at) + view.getUint8(at + (length >> 1)) * 256, 0);
    set(U, length + view.getUint8(at + length - 1) * 4, 0);
    multiply(T, T, K2);
    multiply(U, U, K3);
    xor(T, T, U);
    shiftMix(T, T);
    multiply(to, T, K2);
  } else copy(to, K2);
}

/** Fewer than 128 bytes, with the seed in A and B. */
function murmur(view: DataView, start: number, length: number): void {
  if (length <= 16) {
    multiply(A, A, K1);
    shiftMix(A, A);
    multiply(A, A, K1);
    hash0to16(D, view, start, length);
    multiply(C, B, K1);
    add(C, C, D);
    copy(T, C);
    if (length >= 8) load(T, view, start);
    add(T, A, T);
    shiftMix(D, T);
  } else {
    set(LENGTH, length, 0);
    load(U, view, start + length - 8);
    add(U, U, K1);
    hash16(C, U, A);
    load(U, view, start + length - 16);
    add(U, C, U);
    add(D, B, LENGTH);
    hash16(D, D, U);
    add(A, A, D);
    for (let at = start, left = length - 16; left > 0; at += 16, left -= 16) {
      mixEight(A, view, at);
      xor(B, B, A);
      mixEight(C, view, at + 8);
      xor(D, D, C);
    }
  }
  hash16(A, A, C);
  hash16(B, D, B);
  xor(RESULT, A, B);
  hash16(B, B, A);
  copy(A, RESULT);
}

function mixEight(to: number, view: DataView, at: number): void {
  load(T, view, at);
  multiply(T, T, K1);
  shiftMix(T, T);
  multiply(T, T, K1);
  xor(to, to, T);
  multiply(to, to, K1);
}

/** WeakHashLen32WithSeeds: 32 bytes; the seeds are in S and T, the hash comes into `first` and `second`. */
function weak32(first: number, second: number, view: DataView, at: number): void {
  load(U, view, at);
  add(S, S, U);
  load(C, view, at + 24);
  add(T, T, S);
  add(T, T, C);
  rotate(T, T, 21);
  copy(D, S);
  load(U, view, at + 8);
  add(S, S, U);
  load(U, view, at + 16);
  add(S, S, U);
  rotate(U, S, 44);
  add(T, T, U);
  add(first, S, C);
  add(second, T, D);
}

function round64(view: DataView, at: number): void {
  load(T, view, at + 16);
  add(X, X, Y);
  add(X, X, V0);
  add(X, X, T);
  rotate(X, X, 37);
  multiply(X, X, K1);
  load(T, view, at + 48);
  add(Y, Y, V1);
  add(Y, Y, T);
  rotate(Y, Y, 42);
  multiply(Y, Y, K1);
  xor(X, X, W1);
  xor(Y, Y, V0);
  xor(Z, Z, W0);
  rotate(Z, Z, 33);
  multiply(S, V1, K1);
  add(T, X, W0);
  weak32(V0, V1, view, at);
  add(S, Z, W1);
  copy(T, Y);
  weak32(W0, W1, view, at + 32);
  copy(T, Z);
  copy(Z, X);
  copy(X, T);
}

/** 128 bytes and more, with the seed in A and B; the hash comes there too. */
function long(view: DataView, start: number, length: number): void {
  copy(X, A);
  copy(Y, B);
  set(LENGTH, length, 0);
  multiply(Z, LENGTH, K1);
  seedLong(view, start);
  let at = start;
  const end = start + length;
  for (; at + 128 <= end; at += 128) {
    round64(view, at);
    round64(view, at + 64);
  }
  rotate(T, W0, 37);
  multiply(T, T, K0);
  add(Y, Y, T);
  add(Y, Y, Z);
  add(T, V0, Z);
  rotate(T, T, 49);
  multiply(T, T, K0);
  add(X, X, T);
  for (let tail = 32; tail - 32 < end - at; tail += 32) tail32(view, end - tail);
  hash16(X, X, V0);
  hash16(Y, Y, W0);
  add(A, X, V1);
  hash16(A, A, W1);
  add(A, A, Y);
  add(U, X, W1);
  add(B, Y, V1);
  hash16(B, U, B);
}

function seedLong(view: DataView, start: number): void {
  xor(T, Y, K1);
  rotate(T, T, 49);
  multiply(T, T, K1);
  load(U, view, start);
  add(V0, T, U);
  rotate(T, V0, 42);
  multiply(T, T, K1);
  load(U, view, start + 8);
  add(V1, T, U);
  add(T, Y, Z);
  rotate(T, T, 35);
  multiply(T, T, K1);
  add(W0, T, X);
  load(U, view, start + 88);
  add(T, X, U);
  rotate(T, T, 53);
  multiply(W1, T, K1);
}

function tail32(view: DataView, at: number): void {
  subtract(T, Y, X);
  rotate(T, T, 42);
  multiply(T, T, K0);
  add(Y, T, V1);
  load(U, view, at + 16);
  add(W0, W0, U);
  rotate(T, X, 49);
  multiply(T, T, K0);
  add(X, T, W0);
  add(W0, W0, V0);
  copy(S, V0);
  copy(T, V1);
  weak32(V0, V1, view, at);
}

/**
 * Write the hash of some bytes, 16 bytes, as it stands before a compressed block.
 * @param target where, from `to` on
 */
export function writeCityHash128(bytes: Uint8Array, target: DataView, to: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = bytes.length;
  let start = 0;
  let rest = length;
  if (length >= 16) {
    load(A, view, 0);
    xor(A, A, K3);
    load(B, view, 8);
    start = 16;
    rest = length - 16;
  } else if (length >= 8) {
    set(LENGTH, length, 0);
    multiply(T, LENGTH, K0);
    load(A, view, 0);
    xor(A, A, T);
    load(B, view, length - 8);
    xor(B, B, K1);
    rest = 0;
  } else {
    copy(A, K0);
    copy(B, K1);
  }
  if (rest < 128) murmur(view, start, rest);
  else long(view, start, rest);
  store(A, target, to);
  store(B, target, to + 8);
}
