import { expect, test } from 'vitest';
import { adapterEnvironment, parseEnvironment } from './environment.ts';

test.each([
  ['a port that is none', { KENAL_PORT: 'http' }, 'KENAL_PORT: found "http"; wanted: a whole number from 0 to 65535'],
  ['a port too high', { KENAL_PORT: '70000' }, 'found "70000"; wanted: a whole number from 0 to 65535'],
  ['a level that is none', { KENAL_LOG: 'warm' }, 'found "warm"; wanted: one of trace, debug, info, warn, error'],
  ['the nearest level', { KENAL_LOG: 'warm' }, 'did you mean warn?'],
  ['brokers with a scheme', { KAFKA_BROKERS: 'http://kafka' }, 'must be host:port, several with commas'],
  ['a Redis of another scheme', { REDIS_URL: 'http://:hidden@redis' }, 'must be an address such as redis://'],
  ['a ClickHouse without a scheme', { CLICKHOUSE_URL: 'hidden@ch:8123' }, 'must be an address such as http://'],
])('%s is named with what is wanted, and no password is shown', (_what, variables, message) => {
  const read = () => parseEnvironment(adapterEnvironment, variables as Record<string, string>);
  expect(read).toThrow(message);
  expect(read).not.toThrow('hidden');
});

test('an empty variable counts as unset, and servers may be several or secured', () => {
  const variables = {
    KENAL_PORT: '',
    KAFKA_BROKERS: 'a:9092, b:9092',
    REDIS_URL: 'rediss://:p@r:6379',
    CLICKHOUSE_URL: 'https://u:p@c',
  };
  const { KENAL_PORT: _, ...servers } = variables;
  expect(parseEnvironment(adapterEnvironment, variables)).toMatchObject({ ...servers, KENAL_DATA: '.kenal' });
});
