/** `node crash-child.ts <data directory>`: reads the feed and is gone as soon as the first deliveries stand in the queue. */
import { openEventLog } from '@kenal/event-log';
import { openEmbeddedQueue } from '@kenal/jobs/embedded';
import { startReader } from './reader.ts';

const [dataDir = ''] = process.argv.slice(2);
const log = await openEventLog({ dataDir, clientId: 'child' });
const queue = await openEmbeddedQueue({ dataDir });
await startReader(log, {
  async add(jobs) {
    await queue.add(jobs);
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => {});
  },
});
setInterval(() => {}, 1_000);
