import { createRateLimiter, createVendorCollector, type VendorCollectorDeps } from '@kenal/collector-kit';
import { createReadKeys, type Service } from '@kenal/service-kit';
import { VENDORS } from './vendors/index.ts';
import { mountFailed } from './widget/failed.ts';
import { mountReply } from './widget/reply.ts';
import { mountScript } from './widget/script.ts';
import { createStream, type StreamDeps } from './widget/stream.ts';
import { createVisitors } from './widget/visitors.ts';

export type CollectorChatDeps = Omit<VendorCollectorDeps, 'name' | 'vendors'> &
  Pick<StreamDeps, 'pingMs' | 'mostConnections'>;

/** Frames of a key that may come at once after a pause. */
const BURST = 100;

/** Conversations as a service: webhooks and our own widget in, topics interactions, failed and receipts out. */
export function createCollectorChat(deps: CollectorChatDeps): Service {
  const { pingMs, mostConnections, ...own } = deps;
  const vendors = createVendorCollector({ ...own, name: 'collector-chat', vendors: VENDORS });
  const { acceptor, keyring } = vendors;
  const visitors = createVisitors();
  const talk = { ...own, acceptor, keyring, visitors, rates: createRateLimiter(own.clock, BURST) };
  const stream = createStream({ ...talk, pingMs, mostConnections });
  return {
    async routes(app) {
      await vendors.routes?.(app);
      mountScript(app);
      mountReply(app, talk);
      mountFailed(app, { ...talk, readKeys: createReadKeys(own.config) });
      stream.attach(app.server);
    },
    start: () => vendors.start(),
    async stop() {
      await stream.close();
      await vendors.stop();
    },
  };
}
