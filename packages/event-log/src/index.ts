export { type Codec, createCodec } from './codec/codec.ts';
export { topicSpecs } from './topic-specs.ts';
export { createTopicWriter, type TopicItem, type TopicWriter } from './topic-writer.ts';
