import { type EventLog, type KenalConfig, TOPICS } from '@kenal/contracts';
import { createSettings } from '@kenal/event-log';
import { type Logger, type WebhookEndpoint, webhookEndpoints } from '@kenal/service-kit';

/** The endpoints of all workspaces, as far as settings were read. */
export interface Endpoints {
  all(): readonly WebhookEndpoint[];
  of(id: string): WebhookEndpoint | undefined;
  /** Read what was said since. @throws KenalError `log_unavailable` */
  catchUp(): Promise<void>;
}

export function createEndpoints(log: Pick<EventLog, 'read'>, config: KenalConfig, logger: Logger): Endpoints {
  const settings = createSettings({
    ...{ log, topic: TOPICS.settings.name },
    onUnreadable: (offset, err) => logger.error({ err, offset }, 'a setting cannot be read and is left out'),
  });
  let version = -1;
  let known: ReadonlyMap<string, WebhookEndpoint> = new Map();
  return {
    all: () => [...known.values()],
    of: (id) => known.get(id),
    async catchUp() {
      await settings.catchUp();
      if (settings.version === version) return;
      const found = config.workspaces.flatMap(({ id }) => webhookEndpoints({ config, settings, logger }, id));
      known = new Map(found.map((endpoint) => [endpoint.id, endpoint]));
      version = settings.version;
    },
  };
}
