import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KafkaBroker } from './kafka.ts';
import { kafkaImage } from './kafka-image.ts';
import { provideKafkaJars } from './kafka-jars.ts';
import { launch, settleIn, TAKEN } from './kafka-process.ts';

const ATTEMPTS = 4;

/** Apache Kafka in KRaft mode on the local Java: one broker, a random port, a folder of its own. */
export async function startLocalKafka(): Promise<KafkaBroker> {
  const jars = await provideKafkaJars();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startBroker(jars);
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof Error && TAKEN.test(error.message))) throw error;
    }
  }
}

async function startBroker(jars: string): Promise<KafkaBroker> {
  const image = await kafkaImage(jars);
  const home = await settleIn(await mkdtemp(join(tmpdir(), 'kenal-kafka-')), jars);
  await cp(image.data, join(home.folder, 'data'), { recursive: true });
  let broker = await launch(home, image.flags);
  return {
    brokers: home.brokers,
    async stop() {
      await broker.end('SIGKILL');
      await rm(home.folder, { recursive: true, force: true });
    },
    kill: () => broker.end('SIGKILL'),
    async restart() {
      await broker.end('SIGKILL');
      broker = await launch(home, image.flags);
    },
    pause: async () => void broker.child.kill('SIGSTOP'),
    resume: async () => void broker.child.kill('SIGCONT'),
  };
}
