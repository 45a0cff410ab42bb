/**
 * The rings of the architecture as data: what each folder is and which vendors it may import.
 * A folder that is missing here fails the check, so a new package starts with a line of this table.
 */
export interface Folder {
  /** 0 contracts · 1 pure decisions · 2 ports' adapters and kits · 3 services · 4 the command line and the tests. */
  readonly ring: 0 | 1 | 2 | 3 | 4;
  /** npm packages that its product code may import; tests may import more. */
  readonly vendors: readonly string[];
  /** Folders of its own ring that it may import, each with its reason beside it. */
  readonly beside?: readonly string[];
}

/** Libraries without I/O, clock or randomness: all that ring 1 may have. */
const PURE_LIBRARIES = [
  'double-metaphone',
  'fastest-levenshtein',
  'libphonenumber-js',
  're2js',
  'tldts',
  'uuid',
] as const;

export const FOLDERS: Readonly<Record<string, Folder>> = {
  schemas: { ring: 0, vendors: [] },
  'packages/contracts': { ring: 0, vendors: ['zod'] },
  'packages/errors': { ring: 0, vendors: [] },
  // Published for others, who run it in browsers as well: it imports nothing at all.
  'packages/client': { ring: 0, vendors: [] },
  'packages/identity': { ring: 1, vendors: PURE_LIBRARIES },
  'packages/analytics': { ring: 1, vendors: [] },
  'packages/storage-kit': { ring: 2, vendors: ['ioredis'] },
  'packages/event-log': { ring: 2, vendors: ['avsc', 'kafkajs'] },
  'packages/state': { ring: 2, vendors: ['ioredis'] },
  'packages/jobs': { ring: 2, vendors: ['bullmq', 'cron-parser', 'ioredis'] },
  'packages/warehouse': { ring: 2, vendors: ['@clickhouse/client', 'chdb'] },
  'packages/service-kit': {
    ring: 2,
    vendors: ['@fastify/swagger', 'fastify', 'fastify-type-provider-zod', 'pino', 'prom-client', 'yaml', 'zod'],
  },
  // accept() writes Avro to the log that it is handed, and Avro bytes are made in event-log only.
  'packages/collector-kit': {
    ring: 2,
    vendors: ['ajv', 'fastify', 're2js', 'yaml', 'zod'],
    beside: ['packages/event-log'],
  },
  'services/collector-web': { ring: 3, vendors: ['fastify', 'zod'] },
  'services/collector-email': { ring: 3, vendors: ['@fastify/busboy', 'postal-mime', 'smtp-server', 'zod'] },
  'services/collector-phone': { ring: 3, vendors: [] },
  'services/collector-chat': { ring: 3, vendors: ['fastify', 'ws', 'zod'] },
  'services/collector-commerce': { ring: 3, vendors: ['fastify', 'luxon', 'zod'] },
  'services/identity-resolver': { ring: 3, vendors: [] },
  'services/warehouse-loader': { ring: 3, vendors: [] },
  'services/job-runner': { ring: 3, vendors: ['aws4', 'hyparquet', 'zod'] },
  'services/profile-api': {
    ring: 3,
    vendors: ['@scalar/fastify-api-reference', 'fastify', 'fastify-type-provider-zod', 'jose', 'zod'],
  },
  'services/kenal': { ring: 4, vendors: [] },
  test: { ring: 4, vendors: [] },
};

/** The packages of ring 2 that others of ring 2 may import: what services share, and what adapters share. */
export const SHARED_KITS: readonly string[] = ['packages/service-kit', 'packages/storage-kit'];

/** Code that only tests load: test files, contract suites that several adapters run, and their helpers. */
export const TEST_CODE =
  '(\\.test|\\.contract|/test-(support|child)|/contract|/arbitraries)\\.ts$|/(testing|test-support|contract)/|^test/';
