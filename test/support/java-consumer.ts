import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { provideKafkaJars } from './kafka-jars.ts';

const SOURCE = new URL('./JavaConsumer.java', import.meta.url).pathname;
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * What Kafka's and Avro's own Java read in topics, with schemas from a registry.
 * @returns for each topic the values of its records, as JSON
 * @throws KenalError `missing_prerequisite` without Java and Maven
 */
export async function readInJava(
  brokers: string,
  registry: string,
  topics: readonly string[],
): Promise<ReadonlyMap<string, readonly Record<string, unknown>[]>> {
  const jars = await provideKafkaJars();
  const options = ['-XX:TieredStopAtLevel=1', '-cp', `${jars}/*`, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'];
  const { stdout } = await promisify(execFile)('java', [...options, SOURCE, brokers, registry, ...topics], {
    maxBuffer: MOST_BYTES,
  });
  const values = new Map<string, Record<string, unknown>[]>(topics.map((topic) => [topic, []]));
  for (const line of stdout.split('\n').filter((one) => one !== '')) {
    const tab = line.indexOf('\t');
    values.get(line.slice(0, tab))?.push(JSON.parse(line.slice(tab + 1)));
  }
  return values;
}
