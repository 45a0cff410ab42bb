import { fieldSchema } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { checkValue, listFaults } from '@kenal/service-kit';
import { z } from 'zod';
import { commaList } from '../http/comma-list.ts';

/** What a caller wants of a profile, one by one. */
export const wantedFields = z.array(fieldSchema).min(1);

/**
 * The same in a query: `traits.email,computed.churn`.
 * @returns null: everything
 * @throws KenalError `bad_query` with what is legal
 */
export function fieldsOf(text: string | undefined): readonly string[] | null {
  if (text === undefined) return null;
  const checked = checkValue(
    wantedFields,
    commaList(text).map((field) => field.trim()),
  );
  if (!checked.ok) throw new KenalError('bad_query', listFaults('fields', checked));
  return checked.value;
}
