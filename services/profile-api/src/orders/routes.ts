import { KenalError } from '@kenal/errors';
import { authenticate, opensBy, PERSON_SECURITY, problemSchema, type ReadKeys } from '@kenal/service-kit';
import type { Audit } from '../audit/audit.ts';
import { FAULTS } from '../http/faults.ts';
import { ifChanged } from '../http/if-changed.ts';
import { WAITS, WAITS_AND_TAGS } from '../http/read-headers.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { type AskPerson, actionOf } from '../profiles/ask-person.ts';
import { createLens } from '../profiles/lens.ts';
import { profileParams } from '../profiles/query.ts';
import type { AwaitWritten } from '../profiles/written.ts';
import type { ReadOrders } from './read-orders.ts';
import * as schemas from './schemas.ts';

export interface OrderRouteDeps {
  readonly readKeys: ReadKeys;
  readonly askPerson: AskPerson;
  readonly awaitWritten: AwaitWritten;
  readonly orders: ReadOrders;
  readonly audit: Audit;
}

const COMMON = { tags: ['orders'], security: opensBy('profiles') } as const;

/** One order, and the orders of one person. */
export function mountOrders(app: TypedApp, { readKeys, askPerson, awaitWritten, orders, audit }: OrderRouteDeps): void {
  app.get(
    '/v1/orders/:order',
    {
      schema: {
        ...{ ...COMMON, operationId: 'getOrder', summary: 'One order, as its events tell it, with its lines' },
        ...{ params: schemas.orderParams, querystring: schemas.orderQuery },
        response: { 200: schemas.orderView, ...FAULTS, 409: problemSchema },
      },
      config: WAITS,
    },
    async (request) => {
      const by = authenticate(readKeys, request, 'profiles');
      const { workspace, name, fields } = by;
      if (!createLens(fields).shows('orders'))
        throw new KenalError('forbidden', `${name} shows ${fields?.join(', ')} only, and not orders`);
      audit.admit();
      await awaitWritten(workspace, request, 'warehouse');
      const { order } = request.params;
      const [found, ...others] = await orders.one(workspace, order, request.query.source);
      if (found === undefined) throw new KenalError('not_found', `nothing was said of an order ${order}`);
      if (others.length === 0) {
        audit.note(by, actionOf(request), found.profileId === null ? [] : [found.profileId], ['orders']);
        return found;
      }
      const sources = [found, ...others].map(({ source }) => source).join(', ');
      throw new KenalError('ambiguous', `${sources} each have an order ${order}; add ?source=${found.source}`);
    },
  );

  app.get(
    '/v1/profiles/:profile/orders',
    {
      schema: {
        ...{
          ...COMMON,
          security: PERSON_SECURITY,
          operationId: 'getProfileOrders',
          summary: 'Orders of a person with their lines, newest first',
        },
        ...{ params: profileParams, querystring: schemas.ordersQuery },
        response: { 200: schemas.ordersView, ...FAULTS },
      },
      config: WAITS_AND_TAGS,
    },
    async (request, reply) => {
      const options = { parts: ['orders'], from: 'warehouse' } as const;
      const { workspace, person, lens } = await askPerson(request, request.params.profile, options);
      const { items, cursor } = await orders.of(workspace, person.profile, request.query);
      return ifChanged(request, reply, { id: person.profile.id, orders: [...items], cursor }, lens);
    },
  );
}
