import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import type { KafkaBroker } from './kafka.ts';
import { provideKafkaJars } from './kafka-jars.ts';
import { brokerAnswers } from './kafka-ready.ts';

import { endWithUs } from './watchdog.ts';

const run = promisify(execFile);

const ATTEMPTS = 4;
/** A free port may be somebody else's once Java has come up. */
const TAKEN = /Address already in use|BindException/;

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
  const home = await mkdtemp(join(tmpdir(), 'kenal-kafka-'));
  const [port, controller] = await Promise.all([freePort(), freePort()]);
  const properties = join(home, 'server.properties');
  await writeFile(properties, propertiesOf(home, port, controller));
  const java = (...args: string[]): string[] => ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-cp', `${jars}/*`, ...args];
  const tool = ['kafka.tools.StorageTool', 'format', '-t', 'a2VuYWwta2Fma2EtdGVzdA', '-c', properties, '--standalone'];
  await run('java', java(...tool));

  const brokers = `127.0.0.1:${port}`;
  let broker: ChildProcess | null = null;
  let callOff = (): void => {};
  const start = async (): Promise<void> => {
    const output = openSync(join(home, 'server.log'), 'a');
    broker = spawn('java', java('kafka.Kafka', properties), { stdio: ['ignore', output, output] });
    callOff = endWithUs(broker, home);
    const died = once(broker, 'exit').then(async () => {
      const said = await readFile(join(home, 'server.log'), 'utf8');
      const why = said.split('\n').find((line) => TAKEN.test(line)) ?? '';
      throw new Error(`Kafka ended at start: ${why}\n${said.slice(-4_000)}`);
    });
    died.catch(() => {});
    await Promise.race([brokerAnswers(brokers), died]);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (broker === null || broker.exitCode !== null || broker.signalCode !== null) return;
    const gone = once(broker, 'exit');
    broker.kill(signal);
    await gone;
    callOff();
  };
  await start();
  return {
    brokers,
    async stop() {
      await end('SIGKILL');
      await rm(home, { recursive: true, force: true });
    },
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGKILL');
      await start();
    },
    pause: async () => void broker?.kill('SIGSTOP'),
    resume: async () => void broker?.kill('SIGCONT'),
  };
}

function propertiesOf(home: string, port: number, controller: number): string {
  return `
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
log.dirs=${join(home, 'data')}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.num.partitions=4
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=300
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
log.segment.delete.delay.ms=1000
`;
}
