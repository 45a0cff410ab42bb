/** Hash of a signature. */
export type HashName = 'sha1' | 'sha256' | 'sha512';
export type Encoding = 'hex' | 'base64';
/** How a vendor writes a time: whole seconds or milliseconds since 1970, or ISO 8601. */
export type TimeUnit = 'seconds' | 'milliseconds' | 'iso';

/**
 * Where a value of the request stands.
 * header: the first of these that is there · item: `key=value` in a list in a header, `t=1,v1=ab` ·
 * body: a field of the body, whether a form, multipart, or JSON (Mailgun puts it under `signature` there)
 */
export type Place =
  | { readonly in: 'header'; readonly names: readonly string[] }
  | { readonly in: 'item'; readonly name: string; readonly key: string }
  | { readonly in: 'body'; readonly field: string };

/** What is signed, in this order: values of the request, and text between them. `url` and `form` as Twilio takes them. */
export type Part = 'body' | 'timestamp' | 'id' | 'token' | 'url' | 'form' | { readonly text: string };

/**
 * What tells one delivery from the next. `signed`: hash over what is signed, for signatures that can be written in
 * several ways. A header is not signed; it stands beside the signature where one body is sent for several topics.
 */
export type ReplayPart = 'signature' | 'signed' | 'id' | 'token' | { readonly header: string };

interface Signed {
  readonly signature: {
    readonly place: Place;
    /** What stands before each signature; others in the same header are not looked at. */
    readonly prefix: string;
    /** Between several signatures of one header; absent: there is one. */
    readonly separator?: string;
  };
  readonly signed: readonly Part[];
  readonly timestamp: { readonly place: Place; readonly unit: TimeUnit } | null;
  readonly id?: Place;
  readonly token?: Place;
  readonly replay: readonly ReplayPart[];
  /** How far `timestamp` may lie from our clock, either way. */
  readonly toleranceSeconds: number;
}

/** A keyed hash; sender and receiver have the same secret. */
export interface HmacScheme extends Signed {
  readonly kind: 'hmac';
  readonly hash: HashName;
  /** Header in which the sender may name another hash, as Twilio does for shared keys. */
  readonly hashNamedBy?: string;
  readonly encoding: Encoding;
  /** text: the bytes of the secret as it stands; base64: decoded, after `whsec_` where that stands before. */
  readonly secret: 'text' | 'base64';
}

/** ECDSA over P-256 and SHA-256, DER in base64. A secret is the sender's public key, PEM or base64 of its SPKI. */
export interface EcdsaScheme extends Signed {
  readonly kind: 'ecdsa';
}

/** A message of Amazon SNS. A secret is the ARN of a topic: anybody with an AWS account can send signed messages. */
export interface SnsScheme {
  readonly kind: 'sns';
  readonly toleranceSeconds: number;
}

/** HTTP Basic; a secret is `user:password`. Covers no body and knows no time. */
export interface BasicScheme {
  readonly kind: 'basic';
}

/** A header that equals the secret. Covers no body and knows no time. */
export interface TokenScheme {
  readonly kind: 'token';
  readonly header: string;
}

/** One row of the table: how a vendor says that a request is its own. */
export type Scheme = HmacScheme | EcdsaScheme | SnsScheme | BasicScheme | TokenScheme;

/** Tolerance of every scheme that knows no reason for another. */
export const TOLERANCE_SECONDS = 300;
