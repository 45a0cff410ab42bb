import type { Subscription } from '@kenal/contracts';
import { nextOf, textOf } from './gathering.ts';
import { openLog, type Where } from './where.ts';

// A process of its own, to be killed: `node contract-process.ts append|consume <where as JSON> <topic> [group]`.
// It prints a line for each acknowledged append, or for each record that it has seen.
const [mode, where, topic = '', group = ''] = process.argv.slice(2);
const log = await openLog(JSON.parse(where ?? '') as Where);

if (mode === 'append') {
  for (let round = 0; ; round++) {
    const texts = Array.from({ length: 4 }, (_, i) => `${process.pid} ${round * 4 + i}`);
    await log.append(
      topic,
      texts.map((text, i) => ({ key: `${process.pid}-${i}`, value: Buffer.from(text) })),
    );
    process.stdout.write(`${texts.join('\n')}\n`);
  }
}
const subscription = Promise.withResolvers<Subscription>();
const joined = await log.subscribe({
  group,
  topics: [topic],
  maxBatchRecords: 5,
  async onBatch(batch) {
    // Seen first, committed then: killed between the two, its heir sees the records again.
    process.stdout.write(`${batch.records.map(({ value }) => textOf(value)).join('\n')}\n`);
    await (await subscription.promise).commit([nextOf(batch)]);
  },
});
subscription.resolve(joined);
