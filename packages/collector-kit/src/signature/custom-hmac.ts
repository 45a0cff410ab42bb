import { KenalError } from '@kenal/errors';
import {
  type Encoding,
  type HashName,
  type HmacScheme,
  type Part,
  type Place,
  type TimeUnit,
  TOLERANCE_SECONDS,
} from './scheme.ts';

/** `custom-hmac` of a source, as kenal.yaml declares it. */
export interface CustomHmac {
  /** Header that carries the signature. */
  readonly header: string;
  readonly algorithm: HashName;
  readonly encoding: Encoding;
  /** What stands before the signature in its header: `sha256=`. Default: nothing. */
  readonly prefix?: string | undefined;
  /** What is signed: text with `{body}`, `{timestamp}`, `{id}`, each at most once. Default `{body}`. */
  readonly signed?: string | undefined;
  readonly timestampHeader?: string | undefined;
  readonly timestampUnit?: TimeUnit | undefined;
  /** Header with an id that every delivery of one event carries; `{id}` of `signed`. */
  readonly idHeader?: string | undefined;
  readonly toleranceSeconds?: number | undefined;
  /** text (default): the bytes as they stand; base64: decoded. */
  readonly secretEncoding?: HmacScheme['secret'] | undefined;
}

const PLACEHOLDER = /(\{[^{}]*\})/;
const PLACEHOLDERS = ['body', 'timestamp', 'id'] as const;

/** @throws KenalError `bad_config` where the declaration could not be held to: it says which option and what is legal */
export function customHmac(declared: CustomHmac): HmacScheme {
  const signed = partsOf(declared.signed ?? '{body}');
  if (!signed.includes('body')) throw bad('signed', 'must contain {body}: else any body would pass');
  for (const [name, option] of [
    ['timestamp', 'timestampHeader'],
    ['id', 'idHeader'],
  ] as const)
    if (signed.includes(name) && declared[option] === undefined)
      throw bad(option, `is needed, because signed has {${name}}`);
  if (declared.timestampHeader !== undefined && !signed.includes('timestamp'))
    throw bad('signed', 'must contain {timestamp}: else anybody could write a new one');
  if (declared.idHeader !== undefined && !signed.includes('id'))
    throw bad(
      'signed',
      'must contain {id}, because there is an idHeader: else a captured body comes again under a new one',
    );
  const { timestampHeader, idHeader } = declared;
  return {
    kind: 'hmac',
    hash: declared.algorithm,
    encoding: declared.encoding,
    secret: declared.secretEncoding ?? 'text',
    signature: { place: headerPlace('header', declared.header), prefix: declared.prefix ?? '' },
    signed,
    timestamp:
      timestampHeader === undefined
        ? null
        : { place: headerPlace('timestampHeader', timestampHeader), unit: declared.timestampUnit ?? 'seconds' },
    ...(idHeader === undefined ? {} : { id: headerPlace('idHeader', idHeader) }),
    replay: idHeader === undefined ? ['signature'] : ['signature', 'id'],
    toleranceSeconds: declared.toleranceSeconds ?? TOLERANCE_SECONDS,
  };
}

/** `{timestamp}.{body}` → timestamp, text `.`, body */
function partsOf(template: string): Part[] {
  const parts = template.split(PLACEHOLDER).filter((piece) => piece !== '');
  const signed = parts.map((piece): Part => {
    if (!PLACEHOLDER.test(piece)) return { text: piece };
    const name = PLACEHOLDERS.find((one) => piece === `{${one}}`);
    if (name === undefined) throw bad('signed', `has ${piece}; there are {body}, {timestamp} and {id}`);
    return name;
  });
  for (const name of PLACEHOLDERS)
    if (signed.filter((part) => part === name).length > 1) throw bad('signed', `has {${name}} twice`);
  return signed;
}

function headerPlace(option: string, name: string): Place {
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) throw bad(option, 'must be the name of a header');
  return { in: 'header', names: [name.toLowerCase()] };
}

function bad(option: string, detail: string): KenalError {
  return new KenalError('bad_config', `${option} ${detail}`, { path: option });
}
