import { FAILED_BODY } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { BlobStore } from '../blobs.ts';
import type { FailedAgain } from './request.ts';

/** Of `application/vnd.kenal.blob; type="text/csv"` */
const INNER_TYPE = /type="([^"]*)"/;
const NAME = /^sha256:([0-9a-f]{64})$/;

/**
 * A failed event with its bytes, wherever they lie. One that was repaired carries them itself, under the content type of
 * the blob that it was.
 * @throws KenalError `bad_body` where they are not here, or not whole
 */
export async function withWholeBody(blobs: BlobStore, failed: FailedAgain): Promise<FailedAgain> {
  const { contentType, body } = failed;
  if (contentType.startsWith(FAILED_BODY.cut))
    throw new KenalError(
      'bad_body',
      'only the beginning of it was kept; its reason says where in the log the whole stands',
    );
  if (body.length === 0)
    throw new KenalError('bad_body', 'there are no bytes to send: it came with none, or its person was erased');
  if (!contentType.startsWith(FAILED_BODY.blob)) return failed;
  const inner = INNER_TYPE.exec(contentType)?.[1] ?? '';
  const name = NAME.exec(body.subarray(0, 128).toString('latin1'))?.[1];
  if (name === undefined) return { ...failed, contentType: inner };
  const bytes = await blobs.get(name);
  if (bytes === null)
    throw new KenalError('bad_body', `its bytes lie in file ${name} of the folder blobs, which is missing or damaged`);
  return { ...failed, contentType: inner, body: bytes };
}
