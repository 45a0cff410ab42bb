import { KenalError } from '@kenal/errors';
import { authenticate, type KeyPlaces, type Reader, type ReadKeys } from '@kenal/service-kit';

/**
 * Who reads people, where the key shows all of them: what is shown cannot be cut to some fields.
 * @throws KenalError `unknown_key`, `forbidden`
 */
export function wholeReader(keys: ReadKeys, request: KeyPlaces): Reader {
  const reader = authenticate(keys, request, 'profiles');
  if (reader.fields === null) return reader;
  throw new KenalError('forbidden', `${reader.name} shows ${reader.fields.join(', ')} only, and this shows more`);
}
