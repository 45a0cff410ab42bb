import { type Directive, TOPICS } from '@kenal/contracts';
import { createCodec, createTopicFeed } from '@kenal/event-log';
import { createWorkspaces, type WorkspaceRules } from '@kenal/identity';
import { erasureHash, rulesetHash } from '@kenal/service-kit';
import type { Stores } from './stores.ts';

/** The rules of a workspace, and where they come from. */
export interface InForce extends Pick<WorkspaceRules, 'rules' | 'identity'> {
  /** The decision that put them in force; null = kenal.yaml holds. */
  readonly directive: Directive | null;
  /** A decision that counts no more, because kenal.yaml has been changed since. */
  readonly overruled: Directive | null;
}

/** Fold the directives of the log over kenal.yaml, as every service does. @throws KenalError `log_unavailable` */
export async function readInForce({ config, workspace, openLog }: Stores): Promise<InForce> {
  const workspaces = createWorkspaces(config, { erasureHash, rulesetHash });
  const rulesets: Directive[] = [];
  const log = await openLog();
  try {
    const feed = createTopicFeed<Directive>({
      log,
      topic: TOPICS.directives.name,
      codec: createCodec<Directive>('directive'),
      onValue(directive) {
        workspaces.take(directive);
        if (directive.kind === 'ruleset' && directive.workspace === workspace) rulesets.push(directive);
      },
      onUnreadable: () => undefined, // the loader reports it
    });
    await feed.catchUp();
  } finally {
    await log.close();
  }
  const { rules, identity, ruleset } = workspaces.of(workspace);
  const newest = rulesets.sort((a, b) => b.issuedAt - a.issuedAt || (a.id < b.id ? 1 : -1))[0] ?? null;
  const holds = newest !== null && newest.id === ruleset;
  return { rules, identity, directive: holds ? newest : null, overruled: holds ? null : newest };
}
