import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { S3Place } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { faultOfWebhookUrl } from '@kenal/service-kit';
import aws4 from 'aws4';
import { lookupOf, pinAddress, refuseClosed } from '../outgoing/pinned-address.ts';
import { readHead } from '../outgoing/read-head.ts';
import type { ResolveHost } from '../outgoing/resolve-host.ts';

export interface S3Answer {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface S3Call {
  readonly method: 'PUT' | 'POST' | 'DELETE';
  readonly key: string;
  /** Such as `uploads`, or `partNumber=1&uploadId=…`; '' for none. */
  readonly query: string;
  readonly body: Buffer;
}

/** @throws KenalError `bad_config` where the bucket says no, `unavailable` (retryable) where it does not answer */
export type S3Client = (call: S3Call) => Promise<S3Answer>;

export interface S3Options {
  readonly place: S3Place;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly allowsPrivate: boolean;
  readonly resolve: ResolveHost;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 120_000;
const READ_BYTES = 65_536;

/** Calls to a bucket, signed by Signature Version 4; each connection to an address that was looked at. */
export function createS3Client({ place, credentials, allowsPrivate, resolve, signal }: S3Options): S3Client {
  const endpoint = new URL(place.endpoint);
  const host = place.pathStyle ? endpoint.host : `${place.bucket}.${endpoint.host}`;
  const root = endpoint.pathname.replace(/\/+$/, '') + (place.pathStyle ? `/${place.bucket}` : '');
  const url = new URL(`${endpoint.protocol}//${host}`);

  async function send({ method, key, query, body }: S3Call): Promise<IncomingMessage> {
    const fault = allowsPrivate ? null : faultOfWebhookUrl(url.href, false);
    if (fault !== null) throw new KenalError('bad_config', `the endpoint of the bucket ${fault}`);
    const pinned = allowsPrivate ? {} : { lookup: lookupOf(await pinAddress(url, false, resolve)) };
    const path = `${root}/${key}${query === '' ? '' : `?${query}`}`;
    const what = { service: 's3', region: place.region, host, path, method, body };
    // Without a type aws4 calls it a form, which servers may read before they look at the signature
    const own = { 'content-length': body.length, 'content-type': 'application/octet-stream' };
    const { headers } = aws4.sign({ ...what, headers: own }, credentials);
    const options = {
      ...{ method, path, headers: headers as Record<string, string | number> },
      ...{ signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) },
      ...pinned,
    };
    return new Promise((resolveAnswer, reject) => {
      const request: ClientRequest = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
      if (!allowsPrivate) refuseClosed(request, false);
      request.on('response', resolveAnswer).on('error', reject).end(body);
    });
  }

  return async function call(asked) {
    const broken = (cause: Error): KenalError =>
      new KenalError('unavailable', `the bucket at ${host} does not answer: ${cause.message}`, { cause });
    const answer = await send(asked).catch((cause: Error) => {
      signal.throwIfAborted();
      throw cause instanceof KenalError ? cause : broken(cause);
    });
    const { text, fault } = await readHead(answer, READ_BYTES);
    signal.throwIfAborted();
    if (fault !== null) throw broken(fault);
    const { statusCode: status = 0, headers } = answer;
    // A completion that fails late has said 200 already
    if (status >= 200 && status < 300 && !text.includes('<Error>')) return { headers, text };
    const said = `the bucket ${place.bucket} at ${host} answered ${status} ${/<Code>(\w+)</.exec(text)?.[1] ?? ''}`;
    const isLater = status >= 500 || status === 429 || status === 200;
    throw new KenalError(isLater ? 'unavailable' : 'bad_config', said.trim());
  };
}
