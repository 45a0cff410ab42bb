import { constants, gunzip, gunzipSync, type ZlibOptions } from 'node:zlib';
import { KenalError } from '@kenal/errors';
import { type Outcome, refused } from '../fault.ts';

// Below this, a hop to the thread pool costs more than the work; 16 KB of zeros are stopped at the cap like all else
const SYNC_BYTES = 16 * 1024;

/**
 * The body as the client wrote it. Gzip is known by `Content-Encoding` or by its first two bytes, whatever the content
 * type says: JSON never starts with 1f 8b.
 * @param limit most bytes that may come out; unpacking stops there
 * @returns fault `bad_encoding` where it cannot be unpacked
 * @throws KenalError `body_too_large`
 */
export async function decodeBody(body: Buffer, encoding: string | undefined, limit: number): Promise<Outcome<Buffer>> {
  const named = encoding === undefined ? '' : encoding.trim().toLowerCase();
  const zipped = body.length > 1 && body[0] === 0x1f && body[1] === 0x8b;
  if (!zipped) {
    if (named !== '' && named !== 'identity' && !(isGzip(named) && body.length === 0)) {
      return refused('bad_encoding', '$', isGzip(named) ? 'not gzip' : `${named.slice(0, 32)}; only gzip is known`);
    }
    if (body.length > limit) throw new KenalError('body_too_large', `${limit} bytes are the most`);
    return { ok: true, value: body };
  }
  const options: ZlibOptions = { maxOutputLength: limit, finishFlush: constants.Z_FINISH };
  try {
    return { ok: true, value: body.length <= SYNC_BYTES ? gunzipSync(body, options) : await unzip(body, options) };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new KenalError('body_too_large', `${limit} bytes are the most, unpacked`, { cause });
    }
    return refused('bad_encoding', '$', 'broken gzip');
  }
}

function isGzip(encoding: string): boolean {
  return encoding === 'gzip' || encoding === 'x-gzip';
}

function unzip(body: Buffer, options: ZlibOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gunzip(body, options, (error, unzipped) => (error === null ? resolve(unzipped) : reject(error)));
  });
}
