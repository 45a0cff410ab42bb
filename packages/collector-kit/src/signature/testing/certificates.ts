import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2_048,
};
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;

/** Whoever can sign certificates. */
export interface Authority {
  readonly pem: string;
  readonly subject: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

/** What one certificate says; times are milliseconds since 1970. */
export interface Wanted {
  /** Host names; the first is the common name too. */
  readonly names?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  /** Where its issuer's certificate can be had. */
  readonly issuerUrl?: string;
  readonly bits?: number;
  readonly keyType?: 'rsa' | 'ec';
}

export interface Leaf {
  readonly pem: string;
  readonly key: KeyObject;
  readonly keys: webcrypto.CryptoKeyPair;
}

let serial = 1;
const nextSerial = (): string => String(serial++).padStart(2, '0');

/** @param parent none: a root */
export async function createAuthority(
  name: string,
  now: number,
  parent?: Authority,
  issuerUrl?: string,
): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: nextSerial(),
    subject: `CN=${name}`,
    issuer: parent?.subject ?? `CN=${name}`,
    notBefore: new Date(now - 10 * DAY),
    notAfter: new Date(now + 100 * DAY),
    publicKey: keys.publicKey,
    signingKey: (parent?.keys ?? keys).privateKey,
    signingAlgorithm: EC,
    extensions: [
      new x509.BasicConstraintsExtension(true, 2, true),
      ...(issuerUrl === undefined ? [] : [new x509.AuthorityInfoAccessExtension({ caIssuers: issuerUrl })]),
    ],
  });
  return { pem: certificate.toString('pem'), subject: `CN=${name}`, keys };
}

export async function issue(authority: Authority, now: number, wanted: Wanted = {}): Promise<Leaf> {
  const { names = ['sns.amazonaws.com'], from = now - DAY, to = now + DAY, issuerUrl, bits = 2_048 } = wanted;
  const algorithm = wanted.keyType === 'ec' ? EC : { ...RSA, modulusLength: bits };
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: nextSerial(),
    subject: `CN=${names[0]}`,
    issuer: authority.subject,
    notBefore: new Date(from),
    notAfter: new Date(to),
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    signingAlgorithm: EC,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value }))),
      ...(issuerUrl === undefined ? [] : [new x509.AuthorityInfoAccessExtension({ caIssuers: issuerUrl })]),
    ],
  });
  return { pem: certificate.toString('pem'), key: KeyObject.from(keys.privateKey as never), keys };
}
