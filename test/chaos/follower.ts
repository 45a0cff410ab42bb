import { setTimeout as delay } from 'node:timers/promises';
import type { Change, ChangeEnvelope } from '@kenal/contracts';

/** Follows the change feed while its server dies, and cuts itself off at random. */
export interface Follower {
  /**
   * Wait until it has seen every change of the topic, and stop.
   * @param changes what stands in the topic, copies too
   * @returns what was not as promised
   */
  audit(changes: readonly Change[]): Promise<readonly string[]>;
}

const AGAIN_MS = 100;
const PATIENCE_MS = 30_000;
const MOST_LINES = 2_000;

/** @param random says after how many changes it cuts itself off */
export function startFollower(apiUrl: string, key: string, random: () => number): Follower {
  const url = `${apiUrl}/v1/changes?from=earliest&key=${key}`;
  const seen: string[] = [];
  const late: string[] = [];
  const gaps: string[] = [];
  const last = new Map<string, number>();
  const over = new AbortController();
  let cursor = '';

  function take({ id, profileId, version, previousVersion }: ChangeEnvelope): void {
    const before = last.get(profileId) ?? 0;
    if (version <= before) late.push(id);
    // A recovered profile may begin anew; a version that leads on from one that was not shown is a gap
    if (previousVersion > before) gaps.push(`${id} after ${before}, not ${previousVersion}`);
    last.set(profileId, version);
    seen.push(id);
  }

  async function follow(): Promise<void> {
    const cut = new AbortController();
    const headers = { accept: 'application/x-ndjson', ...(cursor === '' ? {} : { 'last-event-id': cursor }) };
    const answer = await fetch(url, { headers, signal: AbortSignal.any([cut.signal, over.signal]) });
    if (!answer.ok || answer.body === null) throw new Error(`${answer.status} ${await answer.text()}`);
    let text = '';
    let left = Math.ceil(random() * MOST_LINES);
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      const lines = (text + chunk).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines.filter((one) => one !== '')) {
        const entry = JSON.parse(line) as ChangeEnvelope & { readonly cursor: string };
        if (entry.id !== undefined) take(entry);
        ({ cursor } = entry);
        left -= 1;
        if (left === 0) return cut.abort();
      }
    }
  }

  const following = (async () => {
    while (!over.signal.aborted) await follow().catch(() => delay(AGAIN_MS));
  })();

  return {
    async audit(changes) {
      const wanted = new Set(changes.map(({ id }) => id));
      const deadline = performance.now() + PATIENCE_MS;
      while (new Set(seen).size < wanted.size && performance.now() < deadline) await delay(AGAIN_MS);
      over.abort();
      await following;
      const faults: string[] = [];
      const expectNone = (promise: string, cases: readonly string[]): void => {
        if (cases.length > 0) faults.push(`${promise}: ${cases.length} cases, e.g. ${cases.slice(0, 5).join(' · ')}`);
      };
      const told = new Set(seen);
      const missed = [...wanted].filter((id) => !told.has(id));
      expectNone('changes that a follower never saw', missed);
      expectNone('versions late or twice to a follower', late);
      expectNone('gaps to a follower', gaps);
      return faults;
    },
  };
}
