import { randomBytes } from 'node:crypto';
import {
  type Clock,
  type EventLog,
  MICROS_PER_MILLI,
  type Setting,
  type SettingKind,
  settingDocumentSchemas,
  TOPICS,
} from '@kenal/contracts';
import { createSettings, createTopicWriter, type Settings } from '@kenal/event-log';
import { type Health, type Logger, type Reader, repeat, untilAvailable } from '@kenal/service-kit';
import { uuidv7 } from '../directives/uuidv7.ts';
import { createInTurn } from './in-turn.ts';

/**
 * What a setting becomes, by all that is in force then; null: it is no more. It is asked again where another came between,
 * and throws where there is nothing to be changed any more, or the name is taken.
 */
export type DecideSetting = () => object | null;

export interface ManagedSettings extends Pick<Settings, 'version' | 'of'> {
  /**
   * In force here when it resolves, elsewhere within a second. Of several that change the same at once, in whatever
   * process, each is made of the one before it.
   */
  change(by: Reader, kind: SettingKind, name: string, decide: DecideSetting): Promise<void>;
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
  const inTurn = createInTurn();
  const looking = repeat(settings.catchUp, { everyMs: LOOK_MS, againMs: LOOK_MS, onFault: () => undefined });

  function compose(
    { workspace, name: actor }: Reader,
    kind: SettingKind,
    name: string,
    decide: DecideSetting,
  ): Setting {
    const now = clock();
    const before = settings.of(workspace, kind).find((one) => one.name === name);
    const decided = decide();
    const document = decided === null ? null : JSON.stringify(decided);
    // What no reader could read is never written: whatever stood there before would be gone
    if (document !== null) settingDocumentSchemas[kind].parse(JSON.parse(document));
    const id = uuidv7(Math.floor(now / MICROS_PER_MILLI), randomBytes(10));
    return { ...{ id, workspace, kind, name, issuedAt: now, actor, document }, previous: before?.id ?? '' };
  }

  return {
    get version() {
      return settings.version;
    },
    of: settings.of,
    catchUp: settings.catchUp,
    change: (by, kind, name, decide) =>
      inTurn(`${kind} ${by.workspace} ${name}`, async () => {
        await settings.catchUp();
        for (;;) {
          const setting = compose(by, kind, name, decide);
          await topic.append([{ key: by.workspace, value: setting }]);
          await settings.catchUp();
          if (!settings.isVoid(setting.id)) return;
        }
      }),
    async start() {
      // Before the first request: a key that is made here must open at once after a restart, too
      await untilAvailable(logger, { what: 'the settings' }, settings.catchUp);
      health.add('settings', () => looking.fault);
      looking.start(LOOK_MS);
    },
    stop: () => looking.stop(),
  };
}
