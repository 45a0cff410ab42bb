import { formatTime } from '@kenal/contracts';
import { PERSON_SECURITY } from '@kenal/service-kit';
import { FAULTS } from '../http/faults.ts';
import { ifChanged } from '../http/if-changed.ts';
import { WAITS_AND_TAGS } from '../http/read-headers.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { AskPerson } from '../profiles/ask-person.ts';
import { computedValues } from '../profiles/present.ts';
import { partQuery, profileParams } from '../profiles/query.ts';
import type { ReadCard } from './read-card.ts';
import { cardView } from './schemas.ts';

export interface CardRouteDeps {
  readonly askPerson: AskPerson;
  readonly readCard: ReadCard;
}

/** `/v1/profiles/{…}/card` */
export function mountCard(app: TypedApp, { askPerson, readCard }: CardRouteDeps): void {
  app.get(
    '/v1/profiles/:profile/card',
    {
      schema: {
        ...{ tags: ['profiles'], security: PERSON_SECURITY, operationId: 'getProfileCard', params: profileParams },
        querystring: partQuery,
        summary: 'Who is calling: the person, open cases, the last order, what to offer next',
        response: { 200: cardView, ...FAULTS },
      },
      config: WAITS_AND_TAGS,
    },
    async (request, reply) => {
      const { workspace, person, seen, lens } = await askPerson(request, request.params.profile, { from: 'warehouse' });
      const facts = await readCard(workspace, person.profile);
      const { id, version, traits, identifiers, consent, firstSeen } = seen.profile;
      const computed = computedValues(seen.profile);
      const card = {
        ...{ id, version, name: nameOf(traits), traits, consent: { ...consent }, computed },
        identifiers: identifiers.map(({ type, value }) => ({ type, value })),
        customerSince: formatTime(firstSeen),
        openCases: lens.shows('timeline') ? facts.openCases : null,
        lastContact: lens.shows('timeline') ? facts.lastContact : null,
        lastOrder: lens.shows('orders') ? facts.lastOrder : null,
        nextBest: lens.shows('computed') ? facts.nextBest : null,
      };
      return ifChanged(request, reply, card, lens);
    },
  );
}

const NAMES = [['name'], ['first_name', 'last_name'], ['firstName', 'lastName']] as const;

function nameOf(traits: Readonly<Record<string, unknown>>): string | null {
  for (const parts of NAMES) {
    const said = parts.map((part) => traits[part]).filter((part) => typeof part === 'string' && part !== '');
    if (said.length > 0) return said.join(' ');
  }
  return null;
}
