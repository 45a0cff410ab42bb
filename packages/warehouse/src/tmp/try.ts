import { openWarehouse } from '../index.ts';
import { mkdtempSync } from 'node:fs';
const w = await openWarehouse({ dataDir: mkdtempSync('/tmp/h4-') });
await w.migrate();
for (const v of ['live_profiles','model_registry','scores','clv_predictive','churn','donors','items_in_stock','associations','also_bought','next_best'])
  try { console.log(v, (await w.query(`SELECT * FROM kenal.${v}`, { workspace: 'x' })).length); } catch (e) { console.log(v, (e as Error).message.slice(0, 600)); }
await w.close();
