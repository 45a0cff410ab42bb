/**
 * A worker process of its own for the contract suite: `node child.ts <place as JSON> <job name>`.
 * It prints the attempt of each job that it takes and never finishes one.
 */
import { openPlace } from './place.ts';

const [place = '{}', name = ''] = process.argv.slice(2);
const queue = await openPlace(JSON.parse(place));
await queue.work(name, 1, (job) => {
  process.stdout.write(`took ${job.data.n} attempt ${job.attempt}\n`);
  return new Promise(() => {});
});
setInterval(() => {}, 1_000);
