import { writeSync } from 'node:fs';
import { createLogger } from '@kenal/service-kit';
import { openWarehouse } from '@kenal/warehouse';
import { rebuildState } from '../rebuild/rebuild.ts';
import { type AdapterEnvironment, openAdapters } from './backends.ts';
import { CONFIG } from './people.ts';

/** A process that makes the state anew until it has come to some phase of it, and then dies as by kill −9. */
const { CRASH_PHASE, ADAPTERS = '{}', WAREHOUSE } = process.env;
const { log, state } = await openAdapters(JSON.parse(ADAPTERS) as AdapterEnvironment);
const warehouse = await openWarehouse({ dataDir: WAREHOUSE });
const logger = createLogger({ name: 'rebuild-child', level: 'silent' });
const onProgress = ({ phase }: { readonly phase: string }): void => {
  if (phase !== CRASH_PHASE) return;
  writeSync(1, `dies while ${phase}\n`);
  process.kill(process.pid, 'SIGKILL');
};
await rebuildState({ log, state, warehouse, config: CONFIG, logger, onProgress });
