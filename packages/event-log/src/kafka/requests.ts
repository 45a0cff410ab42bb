import type { LogPosition, LogRecord } from '@kenal/contracts';
import type { Message, RecordMetadata, TopicMessages } from 'kafkajs';
import type { Waiting } from '../accumulator.ts';
import { MAX_RECORD_BYTES } from '../limits.ts';
import { partitionOf } from '../partitioner.ts';

/** Requests that together carry what callers wait for, and the places of their records in the answers. */
export interface Plan {
  /** To be sent one after the other: each has one record batch a partition, none above what a broker takes. */
  readonly requests: readonly TopicMessages[][];
  /** Positions of each caller's records. @param answers of the broker to each request */
  readonly positions: (answers: readonly (readonly RecordMetadata[])[]) => readonly (readonly LogPosition[])[];
}

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly request: number;
  /** Within the partition's batch of that request. */
  readonly ordinal: number;
}

interface Open {
  request: number;
  bytes: number;
  count: number;
}

// Framing of a record: offsets, timestamps, lengths, under 40 bytes beside its headers.
const RECORD_OVERHEAD = 64;

/** @param partitionsOf partition count of a topic */
export function planRequests(waiting: readonly Waiting[], partitionsOf: (topic: string) => number, turn: number): Plan {
  const requests: Map<string, Message[]>[] = [];
  const open = new Map<string, Open>();
  const place = (topic: string, record: LogRecord): Place => {
    const count = partitionsOf(topic);
    const partition = record.key === null ? turn % count : partitionOf(record.key, count);
    const slot = slotFor(open, `${topic}/${partition}`, sizeOf(record));
    const request = requests[slot.request] ?? new Map<string, Message[]>();
    requests[slot.request] = request;
    const messages = request.get(topic);
    const message = toMessage(record, partition);
    if (messages === undefined) request.set(topic, [message]);
    else messages.push(message);
    return { topic, partition, request: slot.request, ordinal: slot.count++ };
  };
  const places = waiting.map(({ topic, records }) => records.map((record) => place(topic, record)));
  return {
    requests: requests.map((request) => [...request].map(([topic, messages]) => ({ topic, messages }))),
    positions(answers) {
      const bases = answers.map(basesOf);
      return places.map((ofCaller) =>
        ofCaller.map(({ topic, partition, request, ordinal }) => ({
          topic,
          partition,
          offset: (bases[request]?.get(`${topic}/${partition}`) ?? Number.NaN) + ordinal,
        })),
      );
    },
  };
}

/** The place for the next record of a partition: this request, or the next one where this one's batch is full. */
function slotFor(open: Map<string, Open>, name: string, bytes: number): Open {
  let slot = open.get(name);
  if (slot === undefined) {
    slot = { request: 0, bytes: 0, count: 0 };
    open.set(name, slot);
  } else if (slot.bytes + bytes > MAX_RECORD_BYTES + RECORD_OVERHEAD) {
    slot.request++;
    slot.bytes = 0;
    slot.count = 0;
  }
  slot.bytes += bytes;
  return slot;
}

function sizeOf({ key, value, headers }: LogRecord): number {
  const head = headers === undefined ? 0 : JSON.stringify(headers).length * 3;
  return RECORD_OVERHEAD + value.byteLength + (key === null ? 0 : key.length * 3) + head;
}

function basesOf(answer: readonly RecordMetadata[]): ReadonlyMap<string, number> {
  return new Map(
    answer.map(({ topicName, partition, baseOffset }) => [`${topicName}/${partition}`, Number(baseOffset)]),
  );
}

/** As kafkajs takes it. Values are viewed, not copied. */
function toMessage({ key, value, headers }: LogRecord, partition: number): Message & { partition: number } {
  const view = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return headers === undefined ? { key, value: view, partition } : { key, value: view, partition, headers };
}
