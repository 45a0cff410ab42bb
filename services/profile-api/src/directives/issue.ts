import { randomBytes } from 'node:crypto';
import { type Clock, type Directive, type EventLog, MICROS_PER_MILLI, type Micros } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createTopicWriter, MAX_RECORD_BYTES } from '@kenal/event-log';
import type { Reader } from '@kenal/service-kit';
import type { Draft } from './draft.ts';
import type { Standing } from './standing.ts';
import { uuidv7 } from './uuidv7.ts';

export interface IssueDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly standing: (workspace: string) => Promise<Standing>;
}

/** A directive that is durable. */
export interface Issued {
  readonly directive: Directive;
  /** Offset in the topic. */
  readonly position: number;
}

export type Issue = (
  steward: Reader,
  draft: Draft,
  said: { readonly reason: string; readonly actor?: string | undefined },
) => Promise<Issued>;

/**
 * Give a decision its time and its name and append it. The last word on a pair is that of the latest time, so a decision is
 * never issued before one that stands in the log already, though the clocks of two machines differ by up to an hour. Its id
 * is of the time by our own clock: what an erasure covers ends there (`askedAt`).
 */
export function createIssue({ log, clock, standing }: IssueDeps): Issue {
  const topic = createTopicWriter<Directive>(log, 'directives');
  const last = new Map<string, Micros>();
  return async function issue({ workspace, name }, draft, { reason, actor }) {
    const { newest } = await standing(workspace);
    const now = clock();
    const issuedAt = Math.max(now, newest + 1, (last.get(workspace) ?? 0) + 1);
    last.set(workspace, issuedAt);
    const directive: Directive = {
      ...draft,
      ...{ id: uuidv7(Math.floor(now / MICROS_PER_MILLI), randomBytes(10)), workspace, issuedAt, reason },
      actor: actor === undefined ? name : `${actor} (${name})`,
    };
    // As JSON it is longer than on the log
    if (Buffer.byteLength(JSON.stringify(directive)) > MAX_RECORD_BYTES)
      throw new KenalError('body_too_large', `one decision has ${MAX_RECORD_BYTES} bytes at most: decide it in parts`);
    const [at] = await topic.append([{ key: workspace, value: directive }]);
    return { directive, position: at?.offset ?? 0 };
  };
}
