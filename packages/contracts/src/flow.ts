/**
 * The picture of architecture.md as data: every topic with the one module that writes it and the modules that read it.
 * `test/support/flow.unit.test.ts` holds it against the code.
 */
export interface TopicFlow {
  readonly name: string;
  /** What decides the partition, hence the order. */
  readonly key: string;
  /** Package whose code appends to the topic; services call it. */
  readonly writer: string;
  /** Packages with a step that refuses events and appends them here too: topic `failed` only. */
  readonly refusers?: readonly string[];
  readonly readers: readonly string[];
  /** Readers without a consumer group: each reads the whole topic for itself, or looks single records up. */
  readonly ungrouped?: readonly string[];
  /** Subject of the Avro schema of its values, or null as long as nothing writes the topic: it is then not created. */
  readonly schema: SchemaName | null;
  readonly partitions: number;
  /** The same records stand in `<name>.<workspace>` for each workspace that wants a topic of its own. */
  readonly perWorkspace?: boolean;
  /** Personal data: kept for the workspace's retention. Otherwise for ever. */
  readonly personal: boolean;
}

export type SchemaName =
  | 'action'
  | 'interaction'
  | 'resolved'
  | 'failed'
  | 'change'
  | 'receipt-count'
  | 'directive'
  | 'record'
  | 'computed'
  | 'setting'
  | 'read';

export const TOPICS = {
  interactions: {
    name: 'kenal.interactions.v1',
    key: 'workspace + owner',
    writer: '@kenal/collector-kit',
    readers: ['@kenal/identity-resolver', '@kenal/profile-api'],
    ungrouped: ['@kenal/profile-api'],
    schema: 'interaction',
    partitions: 8,
    personal: true,
  },
  failed: {
    name: 'kenal.interactions.failed.v1',
    key: 'workspace + source',
    writer: '@kenal/collector-kit',
    refusers: ['@kenal/identity-resolver', '@kenal/warehouse-loader'],
    readers: ['@kenal/warehouse-loader', '@kenal/profile-api'],
    schema: 'failed',
    partitions: 2,
    personal: true,
  },
  resolved: {
    name: 'kenal.interactions.resolved.v1',
    key: 'profile id',
    writer: '@kenal/identity-resolver',
    readers: ['@kenal/warehouse-loader', '@kenal/profile-api', '@kenal/job-runner'],
    schema: 'resolved',
    partitions: 8,
    personal: true,
  },
  changes: {
    name: 'kenal.profile.changes.v1',
    key: 'profile id',
    writer: '@kenal/identity-resolver',
    readers: ['@kenal/warehouse-loader', '@kenal/profile-api', '@kenal/job-runner'],
    ungrouped: ['@kenal/profile-api'],
    schema: 'change',
    partitions: 8,
    perWorkspace: true,
    personal: true,
  },
  receipts: {
    name: 'kenal.receipts.v1',
    key: 'collector instance',
    writer: '@kenal/collector-kit',
    readers: ['@kenal/warehouse-loader'],
    schema: 'receipt-count',
    partitions: 1,
    personal: true,
  },
  directives: {
    name: 'kenal.directives.v1',
    key: 'workspace',
    writer: '@kenal/profile-api',
    readers: ['@kenal/identity-resolver', '@kenal/warehouse-loader', '@kenal/profile-api', '@kenal/job-runner'],
    ungrouped: ['@kenal/identity-resolver', '@kenal/profile-api'],
    schema: 'directive',
    partitions: 1,
    personal: false,
  },
  computed: {
    name: 'kenal.profile.computed.v1',
    key: 'profile id',
    writer: '@kenal/job-runner',
    readers: ['@kenal/identity-resolver'],
    ungrouped: ['@kenal/identity-resolver'],
    schema: 'computed',
    partitions: 8,
    personal: true,
  },
  actions: {
    name: 'kenal.actions.v1',
    key: 'profile id',
    writer: '@kenal/job-runner',
    readers: ['@kenal/job-runner', '@kenal/profile-api', 'anybody'],
    ungrouped: ['@kenal/profile-api'],
    schema: 'action',
    partitions: 8,
    personal: true,
  },
  records: {
    name: 'kenal.records.v1',
    key: 'workspace + kind + id',
    writer: '@kenal/collector-kit',
    readers: ['@kenal/warehouse-loader'],
    schema: 'record',
    partitions: 2,
    personal: false,
  },
  settings: {
    name: 'kenal.settings.v1',
    key: 'workspace',
    writer: '@kenal/profile-api',
    readers: ['@kenal/profile-api', '@kenal/job-runner'],
    ungrouped: ['@kenal/profile-api', '@kenal/job-runner'],
    schema: 'setting',
    partitions: 1,
    personal: false,
  },
  reads: {
    name: 'kenal.reads.v1',
    key: 'workspace',
    writer: '@kenal/profile-api',
    readers: ['@kenal/warehouse-loader'],
    schema: 'read',
    partitions: 1,
    personal: true,
  },
} as const satisfies Record<string, TopicFlow>;

export type TopicKey = keyof typeof TOPICS;

/** The topic of one workspace's changes, where its `changes.topic` is on: for who may not see those of others. */
export function changeTopicOf(workspace: string): string {
  const { name } = TOPICS.changes;
  return `${name}.${workspace}`;
}

/** Consumer groups: one a reader. */
export const GROUPS = {
  resolver: 'kenal.identity-resolver',
  loader: 'kenal.warehouse-loader',
  linker: 'kenal.job-runner',
} as const;
