import type { EventLog } from '@kenal/contracts';
import { openEmbeddedLog } from '../embedded/index.ts';
import { openKafkaLog } from '../kafka/index.ts';

/** Where a log is, as data, so that another process can open it too. */
export type Where =
  | { readonly kind: 'embedded'; readonly logDir: string; readonly leaseMs: number; readonly retentionCheckMs: number }
  | { readonly kind: 'kafka'; readonly brokers: string; readonly sessionTimeoutMs: number; readonly timeoutMs: number };

export function openLog(where: Where): Promise<EventLog> {
  if (where.kind === 'embedded') return openEmbeddedLog(where);
  return openKafkaLog({ ...where, clientId: 'kenal-contract' });
}
