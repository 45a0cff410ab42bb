import type { EventLog, Setting, SettingKind } from '@kenal/contracts';
import { createCodec } from './codec/codec.ts';
import { createTopicFeed } from './topic-feed.ts';

/** What is managed while Kenal runs, as far as it was read. */
export interface Settings {
  /** Grows with each setting that is read: whoever keeps something made of them makes it anew. */
  readonly version: number;
  /** What is in force of a kind, the longest there first. */
  of(workspace: string, kind: SettingKind): readonly Setting[];
  /** Whether a setting that was read counts for nothing: another came between it and the one that it was made of. */
  isVoid(id: string): boolean;
  /** @throws KenalError `log_unavailable` */
  catchUp(): Promise<void>;
}

export interface SettingsOptions {
  readonly log: Pick<EventLog, 'read'>;
  /** That of settings. */
  readonly topic: string;
  readonly onUnreadable: (offset: number, error: unknown) => void;
}

/** Reads the topic of settings from its start; the caller says when, and looks again as often as it needs. */
export function createSettings({ onUnreadable, ...from }: SettingsOptions): Settings {
  const inForce = new Map<string, Map<string, Setting>>();
  // Few: people and scripts change settings. A producer that tries again may write one twice, and the copy says nothing new
  const taken = new Set<string>();
  const voided = new Set<string>();

  function take(setting: Setting): void {
    const place = placeOf(setting.workspace, setting.kind);
    const named = inForce.get(place) ?? new Map<string, Setting>();
    inForce.set(place, named);
    const { id, name, previous } = setting;
    if (taken.has(id)) return;
    taken.add(id);
    if (previous !== null && previous !== (named.get(name)?.id ?? '')) voided.add(id);
    else if (setting.document === null) named.delete(name);
    else named.set(name, setting);
  }

  const feed = createTopicFeed<Setting>({
    ...from,
    ...{ onUnreadable, onValue: take },
    codec: createCodec<Setting>('setting'),
  });
  return {
    get version() {
      return feed.next;
    },
    of: (workspace, kind) => [...(inForce.get(placeOf(workspace, kind))?.values() ?? [])],
    isVoid: (id) => voided.has(id),
    catchUp: () => feed.catchUp(),
  };
}

function placeOf(workspace: string, kind: SettingKind): string {
  return `${kind}:${workspace}`;
}
