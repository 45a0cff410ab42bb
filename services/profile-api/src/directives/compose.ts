import type { KenalConfig, PairVerb } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { nearest } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import type { ProfileReader } from '../profiles/reader.ts';
import { type Draft, draftOf } from './draft.ts';
import { linksDraft } from './links.ts';
import { pairOf } from './pairs.ts';
import { consentDraft, eraseDraft } from './people.ts';
import type { DirectiveRequest } from './request.ts';
import { modelDraft, rulesetDraft } from './rules.ts';
import { splitPairs } from './split.ts';
import type { Standing } from './standing.ts';

export interface ComposeDeps {
  readonly reader: ProfileReader;
  readonly config: KenalConfig;
  readonly warehouse: Warehouse;
  readonly standing: (workspace: string) => Promise<Standing>;
}

/** What a request decides, with every reference resolved. @throws KenalError, see README.md of this folder */
export type Compose = (workspace: string, request: DirectiveRequest) => Promise<Draft>;

type PairKind = 'must' | 'unlink' | 'revoke' | 'clear';
type Ends = { readonly a: string; readonly b: string };

const VERBS: Readonly<Record<PairKind, PairVerb>> = {
  must: 'must',
  unlink: 'cannot',
  revoke: 'revoke',
  clear: 'clear',
};

export function createCompose(deps: ComposeDeps): Compose {
  const { reader, config } = deps;
  return async function compose(workspace, request) {
    for (const kind of ['must', 'unlink', 'revoke', 'clear'] as const) {
      const about = request[kind];
      if (about === undefined) continue;
      if ('source' in about) return sourceDraft(deps, workspace, kind, about.source);
      return pairDraft(reader, workspace, kind, about);
    }
    if (request.split !== undefined) return splitDraft(deps, workspace, request.split);
    if (request.erase !== undefined)
      return eraseDraft(reader, config, workspace, request.erase.profile, [request.reason, request.actor]);
    if (request.consent !== undefined) return consentDraft(reader, workspace, request.consent);
    if (request.ruleset !== undefined) return rulesetDraft(config, workspace, request.ruleset.identity);
    if (request.linkage !== undefined) return linksDraft(request.linkage);
    return modelDraft(request.model);
  };
}

async function pairDraft(reader: ProfileReader, workspace: string, kind: PairKind, { a, b }: Ends): Promise<Draft> {
  const [one, other] = [await reader.keyOf(workspace, a), await reader.keyOf(workspace, b)];
  if (one === other) throw new KenalError('bad_directive', `both ends are ${one}: name two identifiers`);
  return draftOf(kind, { pairs: [pairOf(one, other, VERBS[kind])] });
}

// A source that is misspelt would do nothing, and nobody would notice.
async function sourceDraft(deps: ComposeDeps, workspace: string, kind: PairKind, source: string): Promise<Draft> {
  const configured = deps.config.workspaces.find(({ id }) => id === workspace)?.sources.map(({ id }) => id) ?? [];
  if (!configured.includes(source)) {
    const views = ['interactions', 'records', 'revoked_sources'];
    const sql = views
      .map((view) => `SELECT 1 FROM kenal.${view} WHERE source = {source:String} LIMIT 1`)
      .join(' UNION ALL ');
    const [any] = await deps.warehouse.query(sql, { workspace, params: { source } });
    const meant = nearest(source, configured);
    if (any === undefined)
      throw new KenalError(
        'not_found',
        `nothing ever came from a source ${source}${meant === null ? '.' : `, did you mean ${meant}?`} There are ${configured.join(', ')}`,
      );
  }
  return draftOf(kind, { source });
}

async function splitDraft(
  { reader, standing }: ComposeDeps,
  workspace: string,
  { profile: ref, groups }: NonNullable<DirectiveRequest['split']>,
): Promise<Draft> {
  const profile = await reader.find(workspace, ref);
  const keys = await Promise.all(
    groups.map((group) =>
      group === 'rest' ? group : Promise.all(group.map((one) => reader.normalised(workspace, one))),
    ),
  );
  const { pairs } = await standing(workspace);
  return draftOf('split', { profileId: profile.id, pairs: splitPairs(profile.identifiers, keys, pairs) });
}
