import {
  type Change,
  type EventLog,
  formatTime,
  type IdentityState,
  type OutboxMessage,
  TOPICS,
} from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';

const MOST_MESSAGES = 500;

export interface Relay {
  /**
   * Send everything of the workspaces' outboxes, and of those that could not be sent before; resolves when the log has it.
   * @returns false where another process has the lease of one: its changes, ours among them, are in the log once that
   * process has sent them, or another has after its death
   */
  flush(workspaces: Iterable<string>): Promise<boolean>;
}

/**
 * Carry changes from the outbox to the topic, in commit order, one send in flight per workspace. The log may get a message
 * twice where we die between its acknowledgement and the trim; it never gets a later one first.
 * @param holder name of this process for the lease
 */
export function createRelay(state: IdentityState, log: EventLog, holder: string): Relay {
  const codec = createCodec<Change>('change');
  const running = new Map<string, Promise<void>>();
  const held = new Set<string>();

  async function send(messages: readonly OutboxMessage[]): Promise<void> {
    await log.append(
      TOPICS.changes.name,
      messages.map(({ key, value }) => ({ key, value, headers: cloudEventHeaders(codec.decode(value)) })),
    );
  }

  async function drain(workspace: string): Promise<void> {
    held.add(workspace);
    for (;;) {
      const relayed = await state.relay(workspace, holder, MOST_MESSAGES, send);
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
