import type { Clock } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { authenticate, type KeyPlaces, type Reader, type ReadKeys } from '@kenal/service-kit';
import type { Audit } from '../audit/audit.ts';
import { ifChanged } from '../http/if-changed.ts';
import { WAITS, WAITS_AND_TAGS } from '../http/read-headers.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { type AskPerson, actionOf } from './ask-person.ts';
import type { ExplainPair } from './explain.ts';
import type { ReadFits } from './fits.ts';
import {
  presentExplanation,
  presentIdentifiers,
  presentProfile,
  presentSaid,
  presentScores,
  presentTraits,
} from './present.ts';
import { ROUTES } from './route-schemas.ts';
import type { Search } from './search.ts';
import type { Timeline } from './timeline.ts';
import type { TraitHistory } from './trait-history.ts';
import type { AwaitWritten } from './written.ts';

export interface ProfileRouteDeps {
  readonly readKeys: ReadKeys;
  readonly askPerson: AskPerson;
  readonly awaitWritten: AwaitWritten;
  readonly explain: ExplainPair;
  readonly timeline: Timeline;
  readonly traitHistory: TraitHistory;
  readonly search: Search;
  readonly readFits: ReadFits;
  /** Decides what is stale. */
  readonly clock: Clock;
  readonly audit: Audit;
}

/** `/v1/profiles`: one person by any identifier, with parts, and search. */
export function mountProfiles(app: TypedApp, deps: ProfileRouteDeps): void {
  const { askPerson } = deps;

  app.get('/v1/profiles', { schema: ROUTES.search, config: WAITS }, async (request) => {
    // Who finds somebody by a word learns that they have it
    const by = wholeReader(deps.readKeys, request, 'a search goes over everything');
    deps.audit.admit();
    await deps.awaitWritten(by.workspace, request, 'warehouse');
    const { items, cursor } = await deps.search(by.workspace, request.query);
    const found = items.map(({ id }) => id);
    deps.audit.note(by, actionOf(request), found);
    return { profiles: [...items], cursor };
  });

  app.get('/v1/profiles/:profile', { schema: ROUTES.profile, config: WAITS_AND_TAGS }, async (request, reply) => {
    const { workspace, seen, lens } = await askPerson(request, request.params.profile);
    return ifChanged(request, reply, presentProfile(workspace, seen, deps.clock(), request.query.details), lens);
  });

  app.get('/v1/profiles/:profile/traits', { schema: ROUTES.traits, config: WAITS_AND_TAGS }, async (request, reply) => {
    const { workspace, seen, lens, person } = await askPerson(request, request.params.profile, {
      parts: ['traits'],
      from: request.query.history === 'full' ? 'warehouse' : 'state',
    });
    const { history, trait, ...page } = request.query;
    const view = { id: seen.profile.id, version: seen.profile.version, traits: presentTraits(seen.profile) };
    if (history === 'full') {
      const { items, cursor } = await deps.traitHistory(workspace, person.profile, { ...page, trait });
      return { ...view, history: items.filter((one) => lens.shows('traits', one.trait)).map(presentSaid), cursor };
    }
    if (history === null) return ifChanged(request, reply, view, lens);
    const said = seen.history().filter((one) => trait === undefined || one.trait === trait);
    return ifChanged(request, reply, { ...view, history: said.map(presentSaid) }, lens);
  });

  app.get('/v1/profiles/:profile/scores', { schema: ROUTES.scores, config: WAITS_AND_TAGS }, async (request, reply) => {
    const { workspace, seen, lens } = await askPerson(request, request.params.profile, { parts: ['computed'] });
    const { id, version, computed } = seen.profile;
    const fits = await deps.readFits(
      workspace,
      Object.values(computed).map(({ fitId }) => fitId),
    );
    return ifChanged(request, reply, { id, version, scores: presentScores(computed, fits) }, lens);
  });

  app.get(
    '/v1/profiles/:profile/identifiers',
    { schema: ROUTES.identifiers, config: WAITS_AND_TAGS },
    async (request, reply) => {
      const { seen, lens } = await askPerson(request, request.params.profile, { parts: ['identifiers'] });
      const { id, version } = seen.profile;
      return ifChanged(request, reply, { id, version, identifiers: presentIdentifiers(seen.profile) }, lens);
    },
  );

  app.get('/v1/profiles/:profile/explain', { schema: ROUTES.explain, config: WAITS }, async (request) => {
    const by = wholeReader(deps.readKeys, request, 'links show more');
    deps.audit.admit();
    await deps.awaitWritten(by.workspace, request, 'state');
    const refs = [request.params.profile, request.query.other] as const;
    const explained = presentExplanation(await deps.explain(by.workspace, refs));
    const people = [explained.a, explained.b].flatMap(({ profileId }) => profileId ?? []);
    deps.audit.note(by, actionOf(request), [...new Set(people)]);
    return explained;
  });

  app.get('/v1/profiles/:profile/timeline', { schema: ROUTES.timeline, config: WAITS }, async (request) => {
    const options = { parts: ['timeline'], from: 'warehouse' } as const;
    const { workspace, person } = await askPerson(request, request.params.profile, options);
    const { items, cursor } = await deps.timeline(workspace, person.profile, request.query);
    return { id: person.profile.id, interactions: [...items], cursor };
  });
}

/** @throws KenalError `forbidden` where the key shows some fields only */
function wholeReader(keys: ReadKeys, request: KeyPlaces, why: string): Reader {
  const reader = authenticate(keys, request, 'profiles');
  if (reader.fields === null) return reader;
  throw new KenalError('forbidden', `${reader.name} shows ${reader.fields.join(', ')} only, and ${why}`);
}
