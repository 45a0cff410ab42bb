import type { S3Place } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Place } from './place.ts';
import type { S3Client } from './s3-client.ts';

/** Bytes of a part; what is smaller goes at once. Amazon's own least is 5 MB, its most 10,000 parts. */
const PART_BYTES = 8 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);

/** Objects of a bucket: one is there when its last part is, never before. */
export function openBucket(place: S3Place, call: S3Client, partBytes = PART_BYTES): Place {
  async function upload(key: string, first: Buffer, more: AsyncIterator<Buffer>): Promise<void> {
    const begun = await call({ method: 'POST', key, query: 'uploads', body: NOTHING });
    const id = /<UploadId>([^<]+)</.exec(begun.text)?.[1];
    if (id === undefined) throw new KenalError('unavailable', `the bucket ${place.bucket} began no upload`);
    const upload = `uploadId=${encodeURIComponent(id)}`;
    try {
      const tags: string[] = [];
      for (let part: Buffer | null = first; part !== null; part = await nextOf(more)) {
        const query = `partNumber=${tags.length + 1}&${upload}`;
        tags.push(String((await call({ method: 'PUT', key, query, body: part })).headers.etag));
      }
      await call({ method: 'POST', key, query: upload, body: Buffer.from(completion(tags)) });
    } catch (error) {
      // Where this fails as well, the bucket's own rules for uploads that were given up apply
      await call({ method: 'DELETE', key, query: upload, body: NOTHING }).catch(() => undefined);
      throw error;
    }
  }

  return {
    where: `s3://${place.bucket}/${place.prefix}`,
    async put(file, bytes) {
      const key = place.prefix + file;
      const parts = partsOf(bytes, partBytes);
      const first = (await nextOf(parts)) ?? NOTHING;
      if (first.length < partBytes) await call({ method: 'PUT', key, query: '', body: first });
      else await upload(key, first, parts);
    },
    tidy: async () => undefined,
  };
}

async function nextOf(parts: AsyncIterator<Buffer>): Promise<Buffer | null> {
  const { done, value } = await parts.next();
  return done === true ? null : value;
}

/** Pieces of exactly so many bytes, but for the last. */
async function* partsOf(bytes: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const piece of bytes) {
    held.push(piece);
    length += piece.length;
    if (length < size) continue;
    let rest = Buffer.concat(held);
    for (; rest.length >= size; rest = rest.subarray(size)) yield rest.subarray(0, size);
    held = [rest];
    length = rest.length;
  }
  if (length > 0) yield Buffer.concat(held);
}

function completion(tags: readonly string[]): string {
  const parts = tags.map((tag, n) => `<Part><PartNumber>${n + 1}</PartNumber><ETag>${tag}</ETag></Part>`);
  return `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`;
}
