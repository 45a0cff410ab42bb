import { dockerAnswers, startContainerKafka } from './kafka-container.ts';
import { startLocalKafka } from './kafka-local.ts';
import { brokerAnswers } from './kafka-ready.ts';

/** A real Kafka broker for tests. */
export interface KafkaBroker {
  /** `host:port`, for KAFKA_BROKERS. */
  readonly brokers: string;
  /** End it and remove its data. */
  stop(): Promise<void>;
  /** kill −9. */
  kill(): Promise<void>;
  /** Start again on the same data and port, after {@link kill} or as it runs; resolves when it answers. */
  restart(): Promise<void>;
  /** SIGSTOP: it neither answers nor closes its connections. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

/**
 * Order: KAFKA_BROKERS, a container where an engine answers, Apache Kafka from its Maven artifacts on the local Java,
 * else an error that says what to install.
 */
export async function startKafka(): Promise<KafkaBroker> {
  const given = process.env.KAFKA_BROKERS;
  if (given !== undefined && given !== '') return givenKafka(given);
  return (await dockerAnswers()) ? startContainerKafka() : startLocalKafka();
}

async function givenKafka(brokers: string): Promise<KafkaBroker> {
  await brokerAnswers(brokers);
  const refuse = async (): Promise<void> => {
    throw new Error('the broker of KAFKA_BROKERS belongs to somebody else: it is not killed, paused or restarted');
  };
  return { brokers, stop: async () => {}, kill: refuse, restart: refuse, pause: refuse, resume: refuse };
}
