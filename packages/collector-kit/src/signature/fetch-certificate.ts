import { KenalError } from '@kenal/errors';
import type { FetchCertificate } from './chain.ts';

const TIMEOUT_MS = 5_000;
const MOST_BYTES = 65_536;

/**
 * Gets a certificate over the network; follows no redirect, waits 5 s at most, takes 64 KB at most.
 * @throws KenalError `unavailable`
 */
export const fetchCertificate: FetchCertificate = async (url) => {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.ok && response.body !== null) return await readUpTo(MOST_BYTES, response.body);
    throw new Error(`status ${response.status}`);
  } catch (error) {
    throw new KenalError('unavailable', 'a certificate could not be fetched', { cause: error });
  }
};

async function readUpTo(most: number, stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > most) throw new Error(`more than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
