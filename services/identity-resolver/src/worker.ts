import { openEventLog } from '@kenal/event-log';
import { runServiceThread, systemClock } from '@kenal/service-kit';
import { openState } from '@kenal/state';
import { createIdentityResolver } from './app.ts';

const NAME = 'identity-resolver';

await runServiceThread(NAME, async ({ data: { dataDir }, resources, logger, ...parts }) => {
  const log = await openEventLog({ dataDir, clientId: NAME, logger });
  resources.defer(() => log.close());
  const state = await openState({ dataDir, logger });
  resources.defer(() => state.close());
  return createIdentityResolver({ ...parts, log, state, clock: systemClock, logger });
});
