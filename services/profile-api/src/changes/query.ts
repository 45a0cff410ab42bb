import { CHANGE_FILTER_NAMES, type ChangeFilter, changeFilterSchema } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { checkValue, listFaults } from '@kenal/service-kit';
import { z } from 'zod';
import { commaList } from '../http/comma-list.ts';

const list = z.union([z.string(), z.array(z.string())]).optional();
const filters = Object.fromEntries(
  CHANGE_FILTER_NAMES.map((name) => [
    name,
    list.describe(
      `${changeFilterSchema.shape[name].description}; several with commas (\`\\\\,\`: one that belongs to a name)`,
    ),
  ]),
) as Record<keyof ChangeFilter, typeof list>;

/** The query of `GET /v1/changes`. */
export const changesQuery = z.strictObject({
  ...filters,
  after: z.string().optional().describe('cursor of the last change that was seen; Last-Event-ID goes before it'),
  from: z
    .string()
    .default('latest')
    .describe(
      'without a cursor: `latest` (what comes from now on), `earliest`, or a time such as 2026-03-31T12:00:00Z',
    ),
});

/**
 * `?types=created,merged&changed=traits.email`: values with commas between them, or the name repeated; `\,` is a comma of a name.
 * @throws KenalError `bad_query`
 */
export function filterOf(query: z.output<typeof changesQuery>): ChangeFilter {
  const given = Object.fromEntries(
    CHANGE_FILTER_NAMES.flatMap((name) => {
      const values = query[name];
      return values === undefined ? [] : [[name, [values].flat().flatMap(commaList)]];
    }),
  );
  const checked = checkValue(changeFilterSchema, given);
  if (!checked.ok) throw new KenalError('bad_query', listFaults('the query', checked));
  return checked.value;
}
