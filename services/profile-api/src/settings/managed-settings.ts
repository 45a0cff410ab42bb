import { randomBytes } from 'node:crypto';
import {
  type Clock,
  type EventLog,
  type JsonObject,
  MICROS_PER_MILLI,
  type Setting,
  type SettingKind,
  TOPICS,
} from '@kenal/contracts';
import { createSettings, createTopicWriter, type Settings } from '@kenal/event-log';
import { type Health, type Logger, type Reader, repeat, untilAvailable } from '@kenal/service-kit';
import { uuidv7 } from '../directives/uuidv7.ts';

export interface ManagedSettings extends Pick<Settings, 'version' | 'of'> {
  /** In force here when it resolves, elsewhere within a second. @param document null: it is no more */
  put(by: Reader, kind: SettingKind, name: string, document: JsonObject | null): Promise<Setting>;
  /** Everything that the log has is in force when it resolves. @throws KenalError `log_unavailable` */
  catchUp(): Promise<void>;
  /** Read what there is, and look for more from now on. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface ManagedSettingsDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly health: Health;
  readonly logger: Logger;
}

const LOOK_MS = 1_000;

export function createManagedSettings({ log, clock, health, logger }: ManagedSettingsDeps): ManagedSettings {
  const settings = createSettings({
    ...{ log, topic: TOPICS.settings.name },
    onUnreadable: (offset, err) => logger.error({ err, offset }, 'a setting cannot be read and is left out'),
  });
  const topic = createTopicWriter<Setting>(log, 'settings');
  const looking = repeat(settings.catchUp, { everyMs: LOOK_MS, againMs: LOOK_MS, onFault: () => undefined });
  return {
    get version() {
      return settings.version;
    },
    of: settings.of,
    catchUp: settings.catchUp,
    async put({ workspace, name: actor }, kind, name, document) {
      const now = clock();
      const id = uuidv7(Math.floor(now / MICROS_PER_MILLI), randomBytes(10));
      const text = document === null ? null : JSON.stringify(document);
      const setting: Setting = { ...{ id, workspace, kind, name, issuedAt: now, actor }, document: text };
      await topic.append([{ key: workspace, value: setting }]);
      await settings.catchUp();
      return setting;
    },
    async start() {
      // Before the first request: a key that is made here must open at once after a restart, too
      await untilAvailable(logger, { what: 'the settings' }, settings.catchUp);
      health.add('settings', () => looking.fault);
      looking.start(LOOK_MS);
    },
    stop: () => looking.stop(),
  };
}
