import { writeSync } from 'node:fs';
import type { IdentityConfig } from '@kenal/contracts';
import { createLogger } from '@kenal/service-kit';
import { openWarehouse } from '@kenal/warehouse';
import type { RebuildProgress } from '../rebuild/progress.ts';
import { rebuildState } from '../rebuild/rebuild.ts';
import { type AdapterEnvironment, openAdapters } from './backends.ts';
import { CONFIG, withRules } from './people.ts';

/**
 * A process that makes the state anew until it has come to some phase of it, and has done so much there, and then dies as
 * by kill −9.
 */
const { CRASH_PHASE, CRASH_DONE = '0', ADAPTERS = '{}', WAREHOUSE, RULES } = process.env;
const config = RULES === undefined ? CONFIG : withRules(CONFIG, JSON.parse(RULES) as Partial<IdentityConfig>);
const { log, state } = await openAdapters(JSON.parse(ADAPTERS) as AdapterEnvironment);
const warehouse = await openWarehouse({ dataDir: WAREHOUSE });
const logger = createLogger({ name: 'rebuild-child', level: 'silent' });
const onProgress = ({ phase, done, total }: RebuildProgress): void => {
  if (phase !== CRASH_PHASE || done < Number(CRASH_DONE)) return;
  writeSync(1, `dies while ${phase} (${done} of ${total})\n`);
  process.kill(process.pid, 'SIGKILL');
};
await rebuildState({ log, state, warehouse, config, logger, onProgress });
