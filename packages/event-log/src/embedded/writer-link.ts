import { Worker } from 'node:worker_threads';
import { KenalError } from '@kenal/errors';
import type { Answers, Assignment, Reply, Request, WriterOptions } from './messages.ts';

/** The caller's end of the writer thread. */
export interface WriterLink {
  /** @throws KenalError `log_unavailable` with the reason */
  request<K extends Request['kind']>(
    request: Extract<Request, { kind: K }>,
    transfer?: readonly ArrayBuffer[],
  ): Promise<Answers[K]>;
  /** Where new assignments of a member go, and what to do when the thread had to be started again. */
  onMember(member: string, listener: MemberListener | null): void;
  close(): Promise<void>;
}

export interface MemberListener {
  readonly assigned: (assignment: Assignment) => void;
  readonly restarted: () => void;
}

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: KenalError) => void;
}

const RESTART_AFTER_MS = 500;

export function createWriterLink(options: WriterOptions): WriterLink {
  const pending = new Map<number, Pending>();
  const members = new Map<string, MemberListener>();
  let lastId = 0;
  let closing = false;
  let worker: Worker | null = null;

  const take = (reply: Reply): void => {
    if (reply.kind === 'assignment') {
      members.get(reply.member)?.assigned(reply);
      return;
    }
    const waiting = pending.get(reply.id);
    pending.delete(reply.id);
    if (reply.kind === 'done') waiting?.resolve(reply.value as never);
    else waiting?.reject(new KenalError(reply.fault.isDamage ? 'data_damaged' : 'log_unavailable', reply.fault.reason));
  };
  const lost = (cause: unknown): void => {
    worker = null;
    for (const { reject } of pending.values()) {
      reject(new KenalError('log_unavailable', 'the writer thread ended', { cause }));
    }
    pending.clear();
    if (closing) return;
    setTimeout(() => {
      if (closing || worker !== null) return;
      worker = start();
      for (const { restarted } of members.values()) restarted();
    }, RESTART_AFTER_MS).unref();
  };
  const start = (): Worker => {
    const started = new Worker(new URL('./writer.worker.ts', import.meta.url), { workerData: options, execArgv: [] });
    let cause: unknown;
    started.on('message', (replies: readonly Reply[]) => replies.forEach(take));
    started.on('error', (error) => {
      cause = error;
    });
    started.on('exit', () => {
      if (worker === started) lost(cause);
    });
    return started;
  };
  worker = start();

  const request: WriterLink['request'] = (asked, transfer = []) =>
    new Promise((resolve, reject) => {
      if (worker === null || (closing && asked.kind !== 'close')) {
        reject(new KenalError('log_unavailable', closing ? 'the log is closed' : 'the writer thread is starting'));
        return;
      }
      const id = ++lastId;
      pending.set(id, { resolve, reject });
      worker.postMessage({ ...asked, id }, [...transfer]);
    });
  return {
    request,
    onMember(member, listener) {
      if (listener === null) members.delete(member);
      else members.set(member, listener);
    },
    async close() {
      if (closing) return;
      closing = true;
      const ended = worker;
      if (ended === null) return;
      const exit = new Promise((resolve) => ended.once('exit', resolve));
      await request({ kind: 'close' }).catch(() => ended.terminate());
      await exit;
    },
  };
}
