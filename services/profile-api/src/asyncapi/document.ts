import {
  actionEnvelopeSchema,
  changeEnvelopeSchema,
  pingEnvelopeSchema,
  SCHEMAS,
  TOPICS,
  type TopicFlow,
} from '@kenal/contracts';
import { z } from 'zod';
import { changesQuery } from '../changes/query.ts';

type Part = Readonly<Record<string, unknown>>;

/** What is sent, by the name of its schema. */
const ENVELOPES = {
  ChangeEnvelope: changeEnvelopeSchema,
  ActionEnvelope: actionEnvelopeSchema,
  PingEnvelope: pingEnvelopeSchema,
};
/** What is POSTed to an endpoint, by the name of the message. */
const DELIVERIES: Readonly<Record<string, readonly [title: string, envelope: keyof typeof ENVELOPES]>> = {
  changeDelivery: ['A change of a profile, signed', 'ChangeEnvelope'],
  actionDelivery: ['What is to be done about a customer, signed: to endpoints with `actions`', 'ActionEnvelope'],
  pingDelivery: ['A test of the endpoint, signed', 'PingEnvelope'],
};
const ref = (path: string): Part => ({ $ref: `#/${path}` });

/** Confluent's framing, and the headers by which CloudEvents travel on Kafka in binary mode. */
const CLOUD_EVENT = {
  type: 'object',
  properties: {
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: { type: 'string', description: '`<profileId>:<version>`' },
    ce_type: { type: 'string', description: '`io.kenal.profile.` and the type of the change' },
    ce_source: { type: 'string', description: '`/workspaces/<workspace>`' },
    ce_time: { type: 'string', format: 'date-time' },
    'content-type': { type: 'string', const: 'application/avro' },
  },
};

const WEBHOOK_HEADERS = {
  type: 'object',
  required: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  properties: {
    'webhook-id': { type: 'string', description: 'of the event; the same one may come again' },
    'webhook-timestamp': { type: 'string', description: 'seconds since 1970 of this attempt' },
    'webhook-signature': { type: 'string', description: '`v1,` and HMAC-SHA256, base64; several with blanks between' },
  },
};

/**
 * What Kenal tells without being asked, as AsyncAPI 3.0: its topics on Kafka, the change feed over HTTP, webhooks. Made from
 * the flow of topics, the Avro schemas and the zod schemas, so it says what the code does.
 * @param host of the request, `127.0.0.1:8080`
 */
export function asyncApiDocument(version: string, host: string): Part {
  const flows = (Object.entries(TOPICS) as [string, TopicFlow][]).filter(([, { schema }]) => schema !== null);
  const own = flows.filter(([, { perWorkspace }]) => perWorkspace === true);
  return {
    asyncapi: '3.0.0',
    info: {
      ...{ title: 'Kenal', version, license: { name: 'Apache-2.0' } },
      description:
        'What Kenal tells as it happens. A change of a profile has one envelope on three carriers: Avro on Kafka, server-sent events, webhooks after the Standard Webhooks spec. Versions of a profile strictly increase; a version may come twice, never late.',
    },
    defaultContentType: 'application/json',
    servers: servers(host),
    channels: {
      ...Object.fromEntries(flows.map(([key, flow]) => [key, topicChannel(key, flow)])),
      ...Object.fromEntries(own.map(([key, flow]) => [`${key}OfWorkspace`, ownTopicChannel(key, flow)])),
      changeStream: {
        ...{ address: '/v1/changes', title: 'Server-sent events', servers: [ref('servers/api')] },
        messages: { change: ref('components/messages/changeEvent') },
      },
      webhook: {
        ...{ address: null, title: 'Webhooks' },
        description:
          'POSTed to each endpoint; a 2xx takes it, a 410 switches the endpoint off, anything else is tried again. `type` of the body tells what it is: `action`, `ping`, else the type of a change.',
        messages: Object.fromEntries(Object.keys(DELIVERIES).map((key) => [key, ref(`components/messages/${key}`)])),
      },
    },
    operations: {
      ...Object.fromEntries(
        flows.map(([key]) => [`write_${key}`, { action: 'send', channel: ref(`channels/${key}`) }]),
      ),
      ...Object.fromEntries(
        own.map(([key]) => [`write_${key}OfWorkspace`, { action: 'send', channel: ref(`channels/${key}OfWorkspace`) }]),
      ),
      streamChanges: {
        ...{ action: 'send', channel: ref('channels/changeStream'), summary: 'Follow profiles as they change' },
        bindings: { http: { method: 'GET', query: jsonSchema(changesQuery, 'input'), bindingVersion: '0.3.0' } },
      },
      deliverChanges: {
        ...{ action: 'send', channel: ref('channels/webhook') },
        bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
      },
    },
    components: {
      securitySchemes: { readKey: { type: 'http', scheme: 'bearer', description: 'a key with the verb changes' } },
      schemas: Object.fromEntries(
        Object.entries(ENVELOPES).map(([name, schema]) => [name, within(jsonSchema(schema, 'output'), name)]),
      ),
      messages: {
        ...Object.fromEntries(flows.map(([key, flow]) => [key, topicMessage(key, flow)])),
        changeEvent: {
          ...{ name: 'change', title: 'A change of a profile', contentType: 'application/json' },
          payload: ref('components/schemas/ChangeEnvelope'),
        },
        ...Object.fromEntries(Object.entries(DELIVERIES).map(deliveryMessage)),
      },
    },
  };
}

function deliveryMessage([name, [title, envelope]]: [string, (typeof DELIVERIES)[string]]): [string, Part] {
  const payload = ref(`components/schemas/${envelope}`);
  return [name, { ...{ name, title, contentType: 'application/json' }, headers: WEBHOOK_HEADERS, payload }];
}

function servers(host: string): Part {
  return {
    api: { host, protocol: 'http', security: [ref('components/securitySchemes/readKey')] },
    kafka: {
      ...{ host: '{brokers}', protocol: 'kafka', description: 'where Kenal runs on Kafka' },
      variables: { brokers: { default: 'localhost:9092', description: 'KAFKA_BROKERS' } },
      bindings: {
        kafka: {
          schemaRegistryUrl: `http://${host}/schema-registry`,
          ...{ schemaRegistryVendor: 'confluent', bindingVersion: '0.5.0' },
        },
      },
    },
  };
}

function topicChannel(key: string, { name, key: decides, writer, partitions, personal }: TopicFlow): Part {
  const kept = personal ? 'kept for the retention of the workspace' : 'kept for ever';
  return {
    ...{ address: name, servers: [ref('servers/kafka')] },
    description: `All workspaces. Key: ${decides}. Written by ${writer}; ${kept}.`,
    messages: { [key]: ref(`components/messages/${key}`) },
    bindings: { kafka: { topic: name, partitions, bindingVersion: '0.5.0' } },
  };
}

function ownTopicChannel(key: string, flow: TopicFlow): Part {
  const { bindings: _all, ...channel } = topicChannel(key, flow);
  return {
    ...channel,
    address: `${flow.name}.{workspace}`,
    description: 'The same of one workspace, where `changes.topic` of kenal.yaml is on.',
    parameters: { workspace: { description: 'id of the workspace' } },
  };
}

function topicMessage(key: string, { schema }: TopicFlow): Part {
  const newest = SCHEMAS.findLast(({ name }) => name === schema);
  return {
    ...{ name: key, contentType: 'application/avro' },
    ...(schema === 'change' ? { headers: CLOUD_EVENT } : {}),
    payload: { schemaFormat: 'application/vnd.apache.avro+json;version=1.9.0', schema: newest?.schema },
    bindings: {
      kafka: {
        ...{ key: { type: 'string' }, schemaIdLocation: 'payload', schemaIdPayloadEncoding: 'confluent' },
        bindingVersion: '0.5.0',
      },
    },
  };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Part {
  const { $schema: _draft, ...made } = z.toJSONSchema(schema, { target: 'draft-7', io }) as Record<string, unknown>;
  return made;
}

/** A schema whose references lead to itself where it stands among the components. */
function within(schema: Part, name: string): Part {
  const text = JSON.stringify(schema);
  return JSON.parse(text.replaceAll('"#/definitions/', `"#/components/schemas/${name}/definitions/`)) as Part;
}
