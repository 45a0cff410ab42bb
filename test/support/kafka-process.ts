import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { brokerAnswers } from './kafka-ready.ts';
import { endWithUs } from './watchdog.ts';

const run = promisify(execFile);

/** A start is most of what a broker of a test does: the quick compiler and the plain collector make it cheap. */
export const JAVA = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
/** A free port may be somebody else's once Java has come up. */
export const TAKEN = /Address already in use|BindException/;

/** Folder of one broker; its data lies in `data` of it. */
export interface BrokerHome {
  readonly folder: string;
  readonly jars: string;
  /** `host:port` */
  readonly brokers: string;
}

export interface RunningBroker {
  readonly child: ChildProcess;
  /** Resolves when it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Write its properties, with free ports, into a folder that is there. */
export async function settleIn(folder: string, jars: string): Promise<BrokerHome> {
  const [port, controller] = await Promise.all([freePort(), freePort()]);
  await writeFile(join(folder, 'server.properties'), propertiesOf(folder, port, controller));
  return { folder, jars, brokers: `127.0.0.1:${port}` };
}

/** Make `data` of the home, empty. */
export async function formatData({ folder, jars }: BrokerHome): Promise<void> {
  const tool = [
    'kafka.tools.StorageTool',
    'format',
    '-t',
    'a2VuYWwta2Fma2EtdGVzdA',
    '-c',
    `${folder}/server.properties`,
  ];
  await run('java', [...JAVA, '-cp', `${jars}/*`, ...tool]);
}

/**
 * Kafka on what the home has; resolves when it answers. It and the home end with this process at the latest.
 * @throws Error with the last of its log where it ends before, {@link TAKEN} where a port was
 */
export async function launch({ folder, jars, brokers }: BrokerHome, flags: readonly string[]): Promise<RunningBroker> {
  const output = openSync(join(folder, 'server.log'), 'a');
  const args = [...JAVA, ...flags, '-cp', `${jars}/*`, 'kafka.Kafka', join(folder, 'server.properties')];
  const child = spawn('java', args, { stdio: ['ignore', output, output] });
  const callOff = endWithUs(child, folder);
  const died = once(child, 'exit').then(async () => {
    const said = await readFile(join(folder, 'server.log'), 'utf8');
    const why = said.split('\n').find((line) => TAKEN.test(line)) ?? '';
    throw new Error(`Kafka ended at start: ${why}\n${said.slice(-4_000)}`);
  });
  died.catch(() => {});
  await Promise.race([brokerAnswers(brokers), died]);
  return {
    child,
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
      callOff();
    },
  };
}

/** One broker that is its own controller. @param folder its home */
export function propertiesOf(folder: string, port: number, controller: number): string {
  return `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
log.dirs=${join(folder, 'data')}
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
