import { connect } from './connect.ts';
import { type Finding, fail, ok } from './finding.ts';

const STANDARD_PORTS: Readonly<Record<string, number>> = {
  'redis:': 6379,
  'rediss:': 6379,
  'http:': 80,
  'https:': 443,
  'tcp:': 9092,
};

/** Whether each server that the environment names takes connections; none where all is embedded. */
export async function checkServers(environment: Readonly<Record<string, string | undefined>>): Promise<Finding[]> {
  const { KAFKA_BROKERS: brokers = '', REDIS_URL: redis, CLICKHOUSE_URL: clickhouse } = environment;
  const checks = brokers
    .split(',')
    .filter(Boolean)
    .map((broker) => checkServer('kafka', 'KAFKA_BROKERS', `tcp://${broker.trim()}`));
  if (redis) checks.push(checkServer('redis', 'REDIS_URL', redis));
  if (clickhouse) checks.push(checkServer('clickhouse', 'CLICKHOUSE_URL', clickhouse));
  return Promise.all(checks);
}

async function checkServer(name: string, variable: string, address: string): Promise<Finding> {
  if (!URL.canParse(address)) return fail(name, `${variable} is no address`, 'write it as README.md shows');
  const { protocol, hostname, port } = new URL(address);
  const number = Number(port) || STANDARD_PORTS[protocol] || 0;
  const place = `${hostname}:${number}`; // never the whole: it may hold a password
  const fault = await connect(hostname.replace(/^\[|\]$/g, ''), number);
  if (fault === null) return ok(name, `${place} takes connections`);
  return fail(name, `${place}: ${fault}`, `start it, or set ${variable} right`);
}
