import {
  type Change,
  changeTopicOf,
  type EventLog,
  formatTime,
  type IdentityState,
  type KenalConfig,
  type LogRecord,
  type OutboxMessage,
  TOPICS,
} from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import type { StepHook } from '../step-hook.ts';

const MOST_MESSAGES = 500;

export interface Relay {
  /**
   * Send everything of the workspaces' outboxes, and of those that could not be sent before; resolves when the log has it.
   * @returns false where another process has the lease of one: its changes, ours among them, are in the log once that
   * process has sent them, or another has after its death
   */
  flush(workspaces: Iterable<string>): Promise<boolean>;
}

export interface RelayDeps {
  readonly state: IdentityState;
  readonly log: EventLog;
  readonly config: Pick<KenalConfig, 'workspaces'>;
  /** Name of this process for the lease. */
  readonly holder: string;
  readonly onStep?: StepHook;
}

/**
 * Carry changes from the outbox to the topic of all, and to that of their workspace where it has one, in commit order, one
 * send in flight per workspace. Either may get a message twice where we die between its acknowledgement and the trim; neither
 * gets a later one first, and what the workspace's own has, that of all has.
 */
export function createRelay({ state, log, config, holder, onStep = () => {} }: RelayDeps): Relay {
  const codec = createCodec<Change>('change');
  const own = new Set(config.workspaces.filter(({ changes }) => changes.topic).map(({ id }) => id));
  const running = new Map<string, Promise<void>>();
  const held = new Set<string>();

  async function send(workspace: string, messages: readonly OutboxMessage[]): Promise<void> {
    const records: readonly LogRecord[] = messages.map(({ key, value }) => ({
      ...{ key, value },
      headers: cloudEventHeaders(codec.decode(value)),
    }));
    await log.append(TOPICS.changes.name, records);
    await onStep('appended');
    if (own.has(workspace)) await log.append(changeTopicOf(workspace), records);
  }

  async function drain(workspace: string): Promise<void> {
    held.add(workspace);
    for (;;) {
      const relayed = await state.relay(workspace, holder, MOST_MESSAGES, (messages) => send(workspace, messages));
      if (relayed.held) return;
      if (relayed.sent === 0) break;
    }
    held.delete(workspace);
  }

  function flushOne(workspace: string): Promise<void> {
    // After the one that runs, not with it: it may have looked at the outbox before our commit
    const before = running.get(workspace) ?? Promise.resolve();
    const now = before.catch(() => undefined).then(() => drain(workspace));
    running.set(workspace, now);
    return now;
  }

  return {
    async flush(workspaces) {
      await Promise.all([...new Set([...workspaces, ...held])].map(flushOne));
      return held.size === 0;
    },
  };
}

/** CloudEvents 1.0, Kafka binding, binary mode. */
function cloudEventHeaders({ id, type, workspace, occurredAt }: Change): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: `io.kenal.profile.${type}`,
    ce_source: `/workspaces/${workspace}`,
    ce_time: formatTime(occurredAt),
    'content-type': 'application/avro',
  };
}
