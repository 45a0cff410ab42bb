import type { IncomingHttpHeaders } from 'node:http';
import { SOURCE_KINDS } from '@kenal/contracts';
import { type ErrorCode, KenalError } from '@kenal/errors';
import { findKey, openKey } from '../http/find-key.ts';
import type { Keyring } from '../keyring.ts';
import type { Secrets } from '../secrets.ts';
import { bodyHashOf, type ReplayCache } from '../signature/replay-cache.ts';
import type { Scheme } from '../signature/scheme.ts';
import type { Verifier } from '../signature/verify.ts';
import type { Source } from '../source.ts';
import { schemeOf } from './scheme-of.ts';

/** A call as its signature covers it. */
export interface SignedCall {
  readonly method: string;
  /** Path and query as they came: `/v1/hooks/twilio/shop/calls?x=1` */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly query: unknown;
  /** The bytes as they came, before they are unpacked. */
  readonly body: Buffer;
}

/** A call that is genuine. */
export interface Proved {
  readonly signature: 'valid' | 'none';
  /** The very same was taken before: answer it like the first, and take it no second time. */
  readonly isRepeat: boolean;
  /** Its events are durable. */
  done(): void;
  /** They are not: the vendor will try again. */
  release(): void;
}

/** Tells genuine calls of vendors from others. */
export interface Proof {
  /** @throws KenalError `unknown_key`, `forbidden`, `signature_…` */
  prove(source: Source, call: SignedCall): Promise<Proved>;
}

export interface ProofDeps {
  readonly keyring: Keyring;
  readonly secrets: Secrets;
  readonly verifier: Verifier;
  readonly replays: ReplayCache;
  /** As vendors reach us, for signatures that cover the address; null: as the call says itself. */
  readonly publicUrl: string | null;
}

const NO_REPEAT = { isRepeat: false, done: () => undefined, release: () => undefined } as const;

export function createProof({ keyring, secrets, verifier, replays, publicUrl }: ProofDeps): Proof {
  const schemes = new WeakMap<Source, Scheme>();

  function byKey(source: Source, { headers, query }: SignedCall): Proved {
    const access = openKey(keyring, findKey({ headers, query, body: null }));
    if (access.source.workspace !== source.workspace || access.source.id !== source.id)
      throw new KenalError('forbidden', `the key is one of source ${access.source.id}, not of ${source.id}`);
    return { signature: 'none', ...NO_REPEAT };
  }

  async function bySignature(source: Source, call: SignedCall): Promise<Proved> {
    const { workspace, id, config } = source;
    const root = config.publicUrl ?? publicUrl ?? `http://${call.headers.host ?? 'localhost'}`;
    const url = root.replace(/\/+$/, '') + call.url;
    const scheme = schemeFor(source);
    const verdict = await verifier.verify(scheme, { ...call, url }, liveOf(source));
    if (!verdict.ok) throw new KenalError(verdict.code, verdict.reason + addressHint(scheme, verdict.code, url));
    const { replayKey } = verdict;
    if (replayKey === null) return { signature: 'valid', ...NO_REPEAT };
    const claimed = [`${workspace}/${id}`, replayKey, bodyHashOf(call.body)] as const;
    const state = replays.claim(...claimed);
    if (state === 'reused') throw new KenalError('signature_reused');
    return {
      signature: 'valid',
      isRepeat: state === 'repeat',
      done: () => replays.remember(...claimed),
      release: () => replays.release(...claimed),
    };
  }

  /** Amazon signs for anybody with an account: what proves a message is the topic that it comes from. */
  function liveOf({ workspace, id, kind, config }: Source): readonly string[] {
    return SOURCE_KINDS[kind].proof === 'topic' ? config.topics : secrets.of(workspace, id);
  }

  function schemeFor(source: Source): Scheme {
    const scheme = schemes.get(source) ?? schemeOf(source.config);
    schemes.set(source, scheme);
    return scheme;
  }

  return {
    prove: (source, call) =>
      SOURCE_KINDS[source.kind].proof === 'key'
        ? Promise.resolve().then(() => byKey(source, call))
        : bySignature(source, call),
  };
}

/** Behind a proxy the vendor may have signed another address than the one that reaches us. Shows no password of it. */
function addressHint(scheme: Scheme, code: ErrorCode, url: string): string {
  if (code !== 'signature_invalid' || !('signed' in scheme) || !scheme.signed.includes('url')) return '';
  const shown = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
  return `; it covers the address, which was taken to be ${shown}: where the vendor calls another, set publicUrl`;
}
