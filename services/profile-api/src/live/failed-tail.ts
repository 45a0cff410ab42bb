import {
  type EventLog,
  type FailedEvent,
  type Identifier,
  type Interaction,
  type JsonValue,
  type KenalConfig,
  TOPICS,
} from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import type { Workspaces } from '@kenal/identity';
import { erasureHash } from '@kenal/service-kit';
import { namesErased, type Warehouse } from '@kenal/warehouse';
import type { z } from 'zod';
import type { Standing } from '../directives/standing.ts';
import { type failedView, presentFailed } from './present.ts';
import { createTail, type Tail } from './tail.ts';

export interface FailedTailDeps {
  readonly config: KenalConfig;
  readonly workspaces: Workspaces;
  readonly warehouse: Warehouse;
  readonly standing: (workspace: string) => Promise<Pick<Standing, 'erased'>>;
}

/** Longer values are no identifiers; and each is hashed as every type that there is, so there is an end to it. */
const LONGEST_VALUE = 256;
const MOST_VALUES = 1_000;

/**
 * The tail of refused events, without those that were received before somebody was erased whom they name. They have no
 * owner: an identifier as an interaction or JSON holds it is known by its keyed hash, as soon as the erasure is in the log;
 * and whatever it is, its bytes are searched as those of the view `failed_events` are, once the warehouse has the erasure.
 */
export function createFailedTail(
  log: EventLog,
  { config, workspaces, warehouse, standing }: FailedTailDeps,
): Tail<z.infer<typeof failedView>> {
  const tail = createTail<FailedEvent, FailedEvent>(log, {
    topic: TOPICS.failed.name,
    decode: createCodec<FailedEvent>('failed').decode,
    // What was decided about one later is no refusal
    workspaceOf: ({ workspace, change }) => (change === null ? workspace : ''),
    arrivedAt: ({ failedAt }) => failedAt,
    present: (event) => event,
  });
  const keys = new Map(config.workspaces.map(({ id, erasureKey }) => [id, erasureKey]));

  async function shown(workspace: string, items: readonly FailedEvent[]): Promise<readonly FailedEvent[]> {
    const key = keys.get(workspace);
    if (key === undefined || items.length === 0) return items;
    const { erased } = await standing(workspace);
    const oldest = items.reduce((least, { receivedAt }) => Math.min(least, receivedAt), Number.MAX_SAFE_INTEGER);
    const newest = [...erased.values()].reduce((most, at) => Math.max(most, at), 0);
    if (newest < oldest) return items;
    const names = await namesErased(warehouse, workspace, oldest);
    const { rules, normaliserOf } = workspaces.of(workspace);
    const isErased = ({ source, receivedAt, body, contentType }: FailedEvent): boolean => {
      const found = identifiersIn(body, contentType, rules.types);
      if (found === null) return receivedAt <= newest;
      const { identifiers } = normaliserOf(source)(found);
      return identifiers.some((one) => receivedAt <= (erased.get(erasureHash(key, one.key)) ?? 0));
    };
    return items.filter((event) => !names(textOf(event), event.receivedAt) && !isErased(event));
  }

  return {
    page: async (workspace, limit, after) => {
      const page = await tail.page(workspace, limit, after);
      return { ...page, items: (await shown(workspace, page.items)).map(presentFailed) };
    },
  };
}

/** All that is shown of it. */
function textOf({ body, reason, messageId }: FailedEvent): string {
  return `${Buffer.from(body).toString('utf8')}\n${reason}\n${messageId}`;
}

const { decode } = createCodec<Interaction>('interaction');

/**
 * What may be an identifier: those of an interaction; of JSON every text, as each type.
 * @returns null for an interaction that was cut: nobody can tell whom it names
 */
function identifiersIn(body: Uint8Array, contentType: string, types: readonly string[]): readonly Identifier[] | null {
  const isInteraction = contentType.includes('application/avro');
  try {
    if (isInteraction) return decode(body).identifiers;
    const values = [...new Set(textsOf(JSON.parse(Buffer.from(body).toString('utf8')) as JsonValue))];
    return values.slice(0, MOST_VALUES).flatMap((value) => types.map((type) => ({ type, value })));
  } catch {
    return isInteraction ? null : []; // its bytes are searched
  }
}

function textsOf(value: JsonValue): string[] {
  if (typeof value === 'string') return value.length <= LONGEST_VALUE ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
