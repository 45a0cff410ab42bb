/** `node crash-child.ts <data directory> before|after`: reads the feed and is gone just before, or just after, the first deliveries stand in the queue. */
import { join } from 'node:path';
import { openEmbeddedLog } from '@kenal/event-log/embedded';
import { openEmbeddedQueue } from '@kenal/jobs/embedded';
import { startReader } from './reader.ts';

const [dataDir = '', when] = process.argv.slice(2);
const log = await openEmbeddedLog({ logDir: join(dataDir, 'log'), leaseMs: 500 });
const queue = await openEmbeddedQueue({ dataDir });
await startReader(log, {
  async add(jobs) {
    if (when === 'after') await queue.add(jobs);
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => {});
  },
});
setInterval(() => {}, 1_000);
