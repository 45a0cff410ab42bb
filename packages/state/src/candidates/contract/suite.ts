import { randomUUID } from 'node:crypto';
import type { CandidateIndex, IndexedRecord } from '@kenal/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CandidateOptions, openCandidateIndex } from '../index.ts';

const RUNS = Math.ceil(Number(process.env.KENAL_PROPERTY_RUNS ?? 300) / 10);
const LIMIT = 3;

const record = (owner: string, ...keys: string[]): IndexedRecord => ({ owner, source: 'crm', keys });

/** The promises of `CandidateIndex`, held against one adapter. `place` is asked once, before the first test. */
export function candidateIndexContract(adapter: string, place: () => Promise<CandidateOptions>): void {
  describe(`candidate index on ${adapter}`, () => {
    let where: CandidateOptions;
    let index: CandidateIndex;
    beforeAll(async () => {
      where = { ...(await place()), blockLimit: LIMIT };
      index = await openCandidateIndex(where);
    });
    afterAll(() => index?.close());
    const begun = async (model = 'm1'): Promise<string> => {
      const workspace = `ws-${randomUUID()}`;
      await index.begin(workspace, model);
      return workspace;
    };
    const owners = async (workspace: string, keys: readonly string[], model = 'm1'): Promise<string[]> =>
      (await index.look(workspace, model, keys)).records.map(({ owner }) => owner);

    test('a record is found under each of its keys, once, and with any name', async () => {
      const workspace = await begun();
      const odd = record('email:"x|y\n*,7,"@example.org', '0:aaa', '1:bbb');
      await index.put(workspace, 'm1', [odd, record('user_id:1', '0:aaa')]);
      expect(await index.look(workspace, 'm1', ['0:aaa', '1:bbb', '9:zzz'])).toEqual({
        records: [
          { owner: odd.owner, source: 'crm' },
          { owner: 'user_id:1', source: 'crm' },
        ],
        oversize: 0,
      });
    });

    test('a record is found by its last keys only, and the same put again changes nothing', async () => {
      const workspace = await begun();
      for (const keys of [['0:aaa', '1:bbb'], ['1:bbb', '2:ccc'], ['1:bbb', '2:ccc'], []])
        await index.put(workspace, 'm1', [record('user_id:1', ...keys)]);
      expect(await owners(workspace, ['0:aaa', '1:bbb', '2:ccc'])).toEqual([]);
      await index.put(workspace, 'm1', [record('user_id:1', '1:bbb')]);
      expect(await owners(workspace, ['1:bbb'])).toEqual(['user_id:1']);
      expect(await owners(workspace, ['0:aaa', '2:ccc'])).toEqual([]);
    });

    test('a block beyond its limit is emptied, counted, and stays so', async () => {
      const workspace = await begun();
      for (let i = 0; i <= LIMIT; i += 1) await index.put(workspace, 'm1', [record(`user_id:${i}`, '0:all', `1:${i}`)]);
      expect(await index.look(workspace, 'm1', ['0:all', '1:2'])).toEqual({
        records: [{ owner: 'user_id:2', source: 'crm' }],
        oversize: 1,
      });
      await index.put(workspace, 'm1', [record('user_id:0'), record('user_id:9', '0:all')]);
      expect(await index.look(workspace, 'm1', ['0:all'])).toEqual({ records: [], oversize: 1 });
    });

    test('models and workspaces have indexes of their own; where there is none, nothing is kept', async () => {
      const workspace = await begun();
      const other = await begun('m2');
      await index.begin(workspace, 'm2');
      await index.put(workspace, 'm1', [record('user_id:1', '0:aaa')]);
      await index.put(workspace, 'none', [record('user_id:1', '0:aaa')]);
      expect(await owners(workspace, ['0:aaa'], 'm2')).toEqual([]);
      expect(await owners(other, ['0:aaa'], 'm2')).toEqual([]);
      expect(await owners(workspace, ['0:aaa'], 'none')).toEqual([]);
      expect(await index.models(workspace)).toEqual(['m1', 'm2']);
    });

    test('what is not retained is gone, and begins empty', async () => {
      const workspace = await begun();
      await index.begin(workspace, 'm2');
      for (const model of ['m1', 'm2']) await index.put(workspace, model, [{ ...record('a:1', '0:x'), isLate: true }]);
      await index.retain(workspace, ['m2']);
      expect(await index.models(workspace)).toEqual(['m2']);
      expect(await owners(workspace, ['0:x'], 'm2')).toEqual(['a:1']);
      await index.begin(workspace, 'm1');
      expect(await owners(workspace, ['0:x'], 'm1')).toEqual([]);
      expect(await index.late(workspace, 'm1', 9)).toEqual([]);
    });

    test('a late record stays late until it is put without that word', async () => {
      const workspace = await begun();
      const late = ['user_id:1', 'user_id:2'].map((owner) => ({ ...record(owner, '0:aaa'), isLate: true }));
      await index.put(workspace, 'm1', late);
      expect(await index.late(workspace, 'm1', 1)).toHaveLength(1);
      expect((await index.late(workspace, 'm1', 9)).map(({ owner }) => owner).sort()).toEqual([
        'user_id:1',
        'user_id:2',
      ]);
      await index.put(workspace, 'm1', [record('user_id:1', '0:aaa')]);
      expect(await index.late(workspace, 'm1', 9)).toEqual([{ owner: 'user_id:2', source: 'crm' }]);
    });

    test('whatever is put in whatever order, a look finds what a plain list would', async () => {
      const put = fc.record({
        owner: fc.integer({ min: 0, max: 5 }),
        keys: fc.uniqueArray(fc.integer({ min: 0, max: 4 })),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(put, { maxLength: 14 }), async (puts) => {
          const workspace = await begun();
          const [keysOf, emptied] = [new Map<string, string[]>(), new Set<string>()];
          for (const { owner, keys } of puts) {
            const one = record(`user_id:${owner}`, ...keys.map((key) => `0:k${key}`));
            await index.put(workspace, 'm1', [one]);
            keysOf.set(one.owner, [...one.keys]);
            for (const key of one.keys)
              if ([...keysOf.values()].filter((all) => all.includes(key)).length > LIMIT) emptied.add(key);
          }
          for (const key of ['0:k0', '0:k1', '0:k2', '0:k3', '0:k4']) {
            const under = [...keysOf]
              .filter(([, keys]) => !emptied.has(key) && keys.includes(key))
              .map(([owner]) => owner);
            expect(await owners(workspace, [key])).toEqual(under.sort());
          }
        }),
        { numRuns: RUNS },
      );
    });

    test('what one has put another finds, and after close a call is told so', async () => {
      const workspace = await begun();
      await index.put(workspace, 'm1', [record('user_id:1', '0:aaa')]);
      const other = await openCandidateIndex(where);
      expect((await other.look(workspace, 'm1', ['0:aaa'])).records).toHaveLength(1);
      await other.close();
      await other.close();
      await expect(other.models(workspace)).rejects.toMatchObject({ code: 'unavailable' });
    });
  });
}
