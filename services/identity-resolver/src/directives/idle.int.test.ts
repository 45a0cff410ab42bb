import { DIRECTIVES_APPLIED_PARTITION } from '@kenal/contracts';
import { topicSpecs } from '@kenal/event-log';
import { expect, test, vi } from 'vitest';
import { startEmbedded } from '../testing/backends.ts';
import { decidedApart } from '../testing/decided-apart.ts';
import { decide, directiveOf } from '../testing/decisions.ts';
import { CONFIG } from '../testing/people.ts';

const [SHOP] = CONFIG.workspaces;
const MANY = Array.from({ length: 40 }, (_, i) => ({ ...SHOP!, id: i === 0 ? 'shop' : `w${i}` }));
const PATIENCE = { timeout: 5_000, interval: 20 };

test('where nobody decides anything the state is not asked, however many workspaces there are', async () => {
  const backend = await startEmbedded();
  let calls = 0;
  const onStateCall = () => {
    calls += 1;
  };
  const it = await decidedApart(backend.environment, { workspaces: MANY }, { onStateCall });
  await it.log.ensureTopics(topicSpecs(30));
  await decide(it.log, [directiveOf(1, 'revoke', { source: 'till' })]);
  await it.directives.begin();
  it.directives.start();
  const looks = async (more: number) => {
    const before = it.looks();
    await vi.waitFor(() => expect(it.looks()).toBeGreaterThan(before + more), PATIENCE);
  };
  await looks(3);
  const before = calls;
  await looks(3);
  expect(calls).toBe(before);

  // And what comes is carried out all the same
  await decide(it.log, [directiveOf(2, 'clear', { source: 'till' })]);
  const marked = async () =>
    (await it.state.processed(['shop', 'w39'], [DIRECTIVES_APPLIED_PARTITION])).map((m) => m.offset);
  await vi.waitFor(async () => expect(await marked()).toEqual([2, 2]), PATIENCE);
  await it.stop();
  await backend.stop();
});
