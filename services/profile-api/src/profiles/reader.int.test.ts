import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DIRECTIVES_PARTITION, type Directive, type EventLog, type IdentityState, TOPICS } from '@kenal/contracts';
import { createCodec, createTopicFeed, createTopicWriter, openEventLog, topicSpecs } from '@kenal/event-log';
import { createWorkspaces } from '@kenal/identity';
import { erasureHash, rulesetHash } from '@kenal/service-kit';
import { openState } from '@kenal/state';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testConfig } from '../testing/world.ts';
import { createProfileReader } from './reader.ts';

const DIRECTIVE: Directive = {
  ...{ id: 'd1', workspace: 'shop', issuedAt: 1, actor: 'a', reason: 'r', kind: 'revoke', source: 'web', pairs: [] },
  ...{ profileId: null, erased: [], consent: null, document: null, base: null, model: null },
};

let log: EventLog;
let state: IdentityState;
beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'kenal-reader-'));
  log = await openEventLog({ dataDir, clientId: 'test' });
  await log.ensureTopics(topicSpecs(30));
  state = await openState({ dataDir });
});
afterAll(async () => {
  await state?.close();
  await log?.close();
});

test('a reader reads on where the state goes by directives that it has not, once, and says so where the log has none', async () => {
  const workspaces = createWorkspaces(testConfig(), { erasureHash, rulesetHash });
  const directives = createTopicFeed<Directive>({
    ...{ log, topic: TOPICS.directives.name, codec: createCodec<Directive>('directive') },
    ...{ onValue: workspaces.take, onUnreadable: () => undefined },
  });
  let loads = 0;
  const counted: IdentityState = {
    ...state,
    load: (...asked) => {
      loads += 1;
      return state.load(...asked);
    },
  };
  const reader = createProfileReader(counted, { workspaces, directives });
  const raise = (offset: number) => state.advance([{ workspace: 'shop', partition: DIRECTIVES_PARTITION, offset }]);

  await createTopicWriter<Directive>(log, 'directives').append([{ key: 'shop', value: DIRECTIVE }]);
  await raise(1);
  await expect(reader.find('shop', 'user_id:x')).rejects.toMatchObject({ code: 'not_found' });
  expect(loads).toBe(2);
  expect([...workspaces.of('shop').rules.revokedSources]).toEqual(['web']);

  await raise(9);
  await expect(reader.find('shop', 'user_id:x')).rejects.toMatchObject({ code: 'unavailable' });
  expect(loads).toBe(4);
});
