import { randomBytes } from 'node:crypto';
import { type Clock, type EventLog, MICROS_PER_MILLI, type Read } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createTopicWriter } from '@kenal/event-log';
import { createHeldRows, type Health, type Logger, type Reader } from '@kenal/service-kit';
import { uuidv7 } from '../directives/uuidv7.ts';

/** The audit of reads of people. */
export interface Audit {
  /**
   * Before anything is read.
   * @throws KenalError `unavailable` where too many reads are not written yet
   */
  admit(): void;
  /** @param profiles whose data was shown; none: not that of one person */
  note(by: Reader, action: string, profiles: readonly string[], fields?: readonly string[] | null): void;
  /** Write what is held. */
  stop(): Promise<void>;
}

export interface AuditDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly health: Health;
  readonly logger: Logger;
}

const LINGER_MS = 200;
const AGAIN_MS = 1_000;
const MOST_HELD = 100_000;
const MOST_APPENDED = 5_000;

export function createAudit({ log, clock, health, logger }: AuditDeps): Audit {
  const topic = createTopicWriter<Read>(log, 'reads');
  const held = createHeldRows<Read>(
    async (reads) => void (await topic.append(reads.map((value) => ({ key: value.workspace, value })))),
    {
      ...{ lingerMs: LINGER_MS, againMs: AGAIN_MS, mostAtOnce: MOST_APPENDED },
      onFault: (err, { again }) => {
        if (!again) logger.error({ err }, 'the audit of reads cannot be written; it is tried again');
      },
    },
  );
  health.add('audit', () => held.fault);

  return {
    admit() {
      if (held.size < MOST_HELD) return;
      throw new KenalError(
        'unavailable',
        'who reads cannot be written down now, and nobody reads unseen; try again later',
      );
    },
    note({ workspace, name: reader }, action, profiles, fields = null) {
      const at = clock();
      const reads = (profiles.length === 0 ? [''] : profiles).map((profileId) => {
        const id = uuidv7(Math.floor(at / MICROS_PER_MILLI), randomBytes(10));
        return { id, workspace, at, reader, action, profileId, fields: [...(fields ?? [])] };
      });
      held.add(reads);
    },
    async stop() {
      await held.stop();
      if (held.size > 0) logger.error({ reads: held.size }, 'reads were not written down');
    },
  };
}
