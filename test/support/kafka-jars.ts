import { type Jars, provideJars } from './maven-jars.ts';

const KAFKA: Jars = {
  home: new URL('../../infra/kafka/', import.meta.url).pathname,
  what: 'Apache Kafka (44 MB)',
  need: 'the tests need a Kafka broker: set KAFKA_BROKERS, or start Docker, or install Java 17 and Maven',
};

/**
 * Folder with the jars of a real Apache Kafka, as `infra/kafka/pom.xml` has it.
 * @throws KenalError `missing_prerequisite` that names what to install
 */
export function provideKafkaJars(): Promise<string> {
  return provideJars(KAFKA);
}
