import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GenericContainer } from 'testcontainers';
import { freePort } from './free-port.ts';
import type { KafkaBroker } from './kafka.ts';
import { brokerAnswers } from './kafka-ready.ts';

const run = promisify(execFile);
const IMAGE = 'apache/kafka:4.3.0';

/** True where a container engine answers; a `docker` binary alone says nothing. */
export async function dockerAnswers(): Promise<boolean> {
  return run('docker', ['info'], { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}

/** The official image; the port is fixed for the container's life, so that a restart keeps the address. */
export async function startContainerKafka(): Promise<KafkaBroker> {
  const port = await freePort();
  const brokers = `127.0.0.1:${port}`;
  const container = await new GenericContainer(IMAGE)
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${brokers}`,
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    })
    .start();
  const docker = async (verb: string): Promise<void> => void (await run('docker', [verb, container.getId()]));
  await brokerAnswers(brokers);
  return {
    brokers,
    stop: async () => void (await container.stop()),
    kill: () => docker('kill'),
    async restart() {
      await docker('kill').catch(() => {});
      await docker('start');
      await brokerAnswers(brokers);
    },
    pause: () => docker('pause'),
    resume: () => docker('unpause'),
  };
}
