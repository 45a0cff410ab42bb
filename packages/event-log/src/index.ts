export { type Codec, createCodec } from './codec/codec.ts';
export { failedItem, type RefusedRecord } from './failed-item.ts';
export { MAX_BODY_BYTES, MAX_RECORD_BYTES } from './limits.ts';
export type { LogSink } from './log-sink.ts';
export { type EventLogOptions, openEventLog } from './open.ts';
export { createSettle, type Settle } from './settle.ts';
export { createStandstill, type Standstill } from './standstill.ts';
export { topicSpecs } from './topic-specs.ts';
export { createTopicWriter, type TopicItem, type TopicWriter } from './topic-writer.ts';
