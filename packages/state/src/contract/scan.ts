import type { ComponentSnapshot, IdentityState } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { commitOf } from './place.ts';
import type { Bench } from './suite.ts';

type ScanPage = Awaited<ReturnType<IdentityState['scan']>>;

const MOST_A_PAGE = 1_000;
const STAYING = 3_000;

export function scanPromises({ state, workspace }: Bench): void {
  /** All pages; `beside` is begun after each was asked for. */
  const scanned = async (ws: string, beside: (page: number) => Promise<unknown> = async () => {}) => {
    const seen: ComponentSnapshot[] = [];
    let cursor: string | null = null;
    let page = 0;
    do {
      page += 1;
      const pages: Promise<[ScanPage, unknown]> = Promise.all([state().scan(ws, cursor), beside(page)]);
      const [answer] = await pages;
      expect(answer.components.length).toBeLessThanOrEqual(MOST_A_PAGE);
      seen.push(...answer.components);
      cursor = answer.cursor;
    } while (cursor !== null);
    return seen;
  };
  const fill = async (ws: string, prefix: string, count: number) => {
    for (let n = 0; n < count; n += 500) {
      const ids = Array.from({ length: Math.min(500, count - n) }, (_, i) => `${prefix}${n + i}`);
      await state().commit(
        ws,
        ids.map((id) => commitOf(id, 0, { set: new Map([['f', id]]), point: [`x:${id}`] })),
      );
    }
  };

  test('components come as they are loaded, and an empty workspace has none', async () => {
    const ws = workspace();
    expect(await scanned(ws)).toEqual([]);
    await state().commit(ws, [
      commitOf('a', 0, {
        point: ['x:a'],
        shelve: [{ centre: 'x:a', leaf: 'x:b', rank: 1 }],
        issued: new Map([['p', 'a']]),
      }),
      commitOf('gone', 0, { set: new Map() }),
      commitOf('é:*', 0),
      commitOf('é:*', 1, { set: new Map([['g', '']]) }),
    ]);
    const seen = new Map((await scanned(ws)).map((one) => [one.id, one]));
    const fields = new Map([
      ['f', '1'],
      ['g', ''],
    ]);
    expect(seen).toEqual(
      new Map([
        ['a', { id: 'a', version: 1, fields: new Map([['f', '1']]) }],
        ['é:*', { id: 'é:*', version: 2, fields }],
      ]),
    );
  });

  test('each of thousands that stay is given while others come, change and go; those of other workspaces never', async () => {
    const base = workspace();
    const ws = `${base}[a]?*\\`;
    const others = [`${base}a`, `${base}[a]xx\\`, `${base}[a]?*`, `${ws}y`];
    for (const other of others) await fill(other, 'other-', 150);
    await fill(ws, 'stays-', STAYING);
    await fill(ws, 'goes-', 500);
    const churn = async (page: number) => {
      const from = page % 25;
      const goes = Array.from({ length: 20 }, (_, n) => `goes-${20 * from + n}`);
      await state().commit(ws, [
        ...goes.map((id) => commitOf(id, 1, { unset: ['f'], set: new Map() })),
        commitOf(`stays-${page}`, 1, { set: new Map([['g', '2']]) }),
        ...Array.from({ length: 50 }, (_, n) => commitOf(`comes-${page}-${n}`, 0)),
      ]);
    };
    const seen = await scanned(ws, churn);
    const ids = new Set(seen.map(({ id }) => id));
    for (let n = 0; n < STAYING; n += 1) expect(ids.has(`stays-${n}`)).toBe(true);
    expect([...ids].filter((id) => id.startsWith('other-'))).toEqual([]);
    for (const { id, fields } of seen) if (id.startsWith('stays-')) expect(fields.get('f')).toBe(id);
    expect(seen.filter(({ version, fields }) => version === 0 || fields.size === 0)).toEqual([]);
    expect((await scanned(others[0]!)).length).toBe(150);
  });
}
