import { randomUUID } from 'node:crypto';
import type { IdentityState } from '@kenal/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { componentPromises } from './components.ts';
import { concurrencyPromises } from './concurrency.ts';
import { offsetPromises } from './offsets.ts';
import { outboxPromises } from './outbox.ts';
import { parityPromises } from './parity.ts';
import { parkedPromises } from './parked.ts';
import { piecePromises } from './pieces.ts';
import { openPlace, type Place } from './place.ts';
import { reliancePromises } from './reliance.ts';
import { scanPromises } from './scan.ts';

/** What every group of promises gets: a state, the way to open more of it, and a workspace that nobody used. */
export interface Bench {
  readonly state: () => IdentityState;
  readonly place: () => Place;
  readonly workspace: () => string;
}

/** Promises of what is kept and compared: those that a state which nobody shares can keep as well. */
export function dataPromises(bench: Bench): void {
  describe('components', () => componentPromises(bench));
  describe('parked leaves and shelves', () => parkedPromises(bench));
  describe('pieces', () => piecePromises(bench));
  describe('what a commit relies on', () => reliancePromises(bench));
  describe('scan', () => scanPromises(bench));
  describe('offsets', () => offsetPromises(bench));
}

/** The promises of `IdentityState`, held against one adapter. `place` is asked once, before the first test. */
export function identityStateContract(adapter: string, place: () => Promise<Place>): void {
  describe(`identity state on ${adapter}`, () => {
    let where: Place;
    let state: IdentityState;
    beforeAll(async () => {
      where = await place();
      state = await openPlace(where);
    });
    afterAll(() => state?.close());
    const bench: Bench = { state: () => state, place: () => where, workspace: () => `ws-${randomUUID()}` };

    // First, while a scan has few keys of other workspaces to go through
    describe('parity', () => parityPromises(bench));
    dataPromises(bench);
    describe('outbox', () => outboxPromises(bench));
    describe('concurrency', () => concurrencyPromises(bench));
    test('closing twice is no error', async () => {
      const other = await openPlace(where);
      await other.close();
      await other.close();
      await expect(other.load('w', ['user_id:1'])).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    });
  });
}
