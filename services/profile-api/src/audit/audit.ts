import { randomBytes } from 'node:crypto';
import { type Clock, type EventLog, MICROS_PER_MILLI, type Read } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createTopicWriter } from '@kenal/event-log';
import type { Health, Logger, Reader } from '@kenal/service-kit';
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
  let held: Read[] = [];
  let fault: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  health.add('audit', () => fault);

  async function write(): Promise<void> {
    while (held.length > 0) {
      const taken = held.slice(0, MOST_APPENDED);
      try {
        await topic.append(taken.map((value) => ({ key: value.workspace, value })));
      } catch (error) {
        if (fault === null) logger.error({ err: error }, 'the audit of reads cannot be written; it is tried again');
        fault = error instanceof Error ? error.message : String(error);
        return;
      }
      held = held.slice(taken.length);
      fault = null;
    }
  }

  function later(ms: number): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      writing = write().then(() => {
        if (held.length > 0) later(AGAIN_MS);
      });
    }, ms).unref();
  }

  return {
    admit() {
      if (held.length < MOST_HELD) return;
      throw new KenalError(
        'unavailable',
        'who reads cannot be written down now, and nobody reads unseen; try again later',
      );
    },
    note({ workspace, name: reader }, action, profiles, fields = null) {
      const at = clock();
      for (const profileId of profiles.length === 0 ? [''] : profiles) {
        const id = uuidv7(Math.floor(at / MICROS_PER_MILLI), randomBytes(10));
        held.push({ id, workspace, at, reader, action, profileId, fields: [...(fields ?? [])] });
      }
      later(LINGER_MS);
    },
    async stop() {
      clearTimeout(timer);
      await writing;
      await write();
      if (held.length > 0) logger.error({ reads: held.length }, 'reads were not written down');
    },
  };
}
