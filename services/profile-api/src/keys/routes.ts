import { randomBytes } from 'node:crypto';
import {
  formatTime,
  GENERATED_KEYS,
  type KenalConfig,
  type KeyDocument,
  keyDocumentSchema,
  newKeySchema,
} from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import {
  authenticate,
  configuredKeys,
  hashKey,
  opensBy,
  problemSchema,
  type Reader,
  type ReadKeys,
} from '@kenal/service-kit';
import { FAULTS } from '../http/faults.ts';
import { readBody } from '../http/read-body.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { ManagedSettings } from '../settings/managed-settings.ts';
import * as schemas from './schemas.ts';

export interface KeyRouteDeps {
  readonly readKeys: ReadKeys;
  readonly config: KenalConfig;
  readonly settings: ManagedSettings;
}

const TAGS = ['keys'];
const KEY_BYTES = 32;
const EXAMPLE = '{"name": "desk", "verbs": ["profiles"], "fields": ["traits", "orders"]}';
const SHOWN_HASH = 'sha256:'.length + 8;

/** `/v1/keys`: who may read what, made and taken back while Kenal runs. */
export function mountKeys(app: TypedApp, deps: KeyRouteDeps): void {
  const { readKeys, settings } = deps;
  const shared = { tags: TAGS, security: opensBy('manage') };
  app.get(
    '/v1/keys',
    {
      schema: {
        ...{ ...shared, operationId: 'listKeys', summary: 'Keys of the workspace, those of kenal.yaml first' },
        response: { 200: schemas.keysView, ...FAULTS },
      },
    },
    async (request, reply) => {
      const { workspace } = authenticate(readKeys, request, 'manage');
      reply.header('cache-control', 'no-store');
      return { keys: [...configured(deps.config, workspace), ...managed(settings, workspace)] };
    },
  );

  app.post(
    '/v1/keys',
    {
      onRequest: async (request) => void authenticate(readKeys, request, 'manage'),
      schema: {
        ...{ ...shared, operationId: 'createKey', summary: 'Make a key; it is shown once' },
        response: { 201: schemas.newKeyView, ...FAULTS, 409: problemSchema },
      },
      config: { openapi: { body: newKeySchema.meta({ examples: [JSON.parse(EXAMPLE)] }) } },
    },
    async (request, reply) => {
      const by = authenticate(readKeys, request, 'manage');
      const { name, ...scope } = readBody(newKeySchema, request.body, EXAMPLE);
      mustHave(by, scope);
      const key = `kk_${randomBytes(KEY_BYTES).toString('base64url')}`;
      await settings.change(by, 'key', name, () => {
        mustBeFree(deps, by.workspace, name);
        return { hash: hashKey(key), verbs: scope.verbs, fields: scope.fields };
      });
      const shown = managed(settings, by.workspace).find((one) => one.name === name)!;
      reply.code(201).header('cache-control', 'no-store');
      return { ...shown, key };
    },
  );

  app.delete(
    '/v1/keys/:name',
    {
      schema: {
        ...{ ...shared, operationId: 'revokeKey', summary: 'Take a key back: it opens nothing any more' },
        params: schemas.keyParams,
        response: { 200: schemas.revokedView, ...FAULTS, 409: problemSchema },
      },
    },
    async (request) => {
      const by = authenticate(readKeys, request, 'manage');
      const { name } = request.params;
      await settings.change(by, 'key', name, () => {
        if (!managed(settings, by.workspace).some((key) => key.name === name)) throw noKey(deps, by.workspace, name);
        return null;
      });
      return { revoked: name };
    },
  );
}

/** Nobody gives more than they have. */
function mustHave(by: Reader, { verbs }: Pick<Reader, 'verbs'>): void {
  const lacking = verbs.filter((verb) => !by.verbs.includes(verb));
  if (lacking.length > 0)
    throw new KenalError(
      'forbidden',
      `${by.name} has not the verbs ${lacking.join(', ')} itself, and cannot give them`,
    );
}

function mustBeFree({ config, settings }: KeyRouteDeps, workspace: string, name: string): void {
  const taken = [...configured(config, workspace), ...managed(settings, workspace)].some((key) => key.name === name);
  if (taken) throw new KenalError('name_taken', `there is a key ${name}; take it back first, or choose another name`);
}

function noKey({ config, settings }: KeyRouteDeps, workspace: string, name: string): KenalError {
  const own = configured(config, workspace).find((key) => key.name === name);
  if (own?.from === 'generated')
    return new KenalError(
      'in_configuration',
      `the key ${name} is generated for commands on the machine that Kenal runs on`,
    );
  if (own !== undefined)
    return new KenalError('in_configuration', `the key ${name} stands in kenal.yaml: remove it there`);
  const names = managed(settings, workspace).map((key) => key.name);
  const there = names.length === 0 ? 'none was made here' : `there are ${names.join(', ')}`;
  return new KenalError('not_found', `there is no key ${name}; ${there}`);
}

function isGenerated(name: string): boolean {
  return Object.values<string>(GENERATED_KEYS).includes(name);
}

function configured(config: KenalConfig, workspace: string): schemas.KeyView[] {
  return configuredKeys(config)
    .filter((key) => key.workspace === workspace)
    .map(({ name: shown, hash, verbs, fields }) => {
      const name = shown.replace(/^key /, '');
      const from = isGenerated(name) ? 'generated' : 'kenal.yaml';
      const scope = scopeOf({ hash, verbs: [...verbs], fields: fields === null ? null : [...fields] });
      return { name, from, createdAt: null, createdBy: null, ...scope };
    });
}

function managed(settings: Pick<ManagedSettings, 'of'>, workspace: string): schemas.KeyView[] {
  return settings.of(workspace, 'key').flatMap(({ name, issuedAt, actor, document }) => {
    const read = keyDocumentSchema.safeParse(JSON.parse(document ?? 'null'));
    if (!read.success) return [];
    const made = { createdAt: formatTime(issuedAt), createdBy: actor };
    return [{ name, from: 'api' as const, ...made, ...scopeOf(read.data) }];
  });
}

function scopeOf({ hash, verbs, fields }: KeyDocument): Pick<schemas.KeyView, 'verbs' | 'fields' | 'hash'> {
  return { verbs, fields, hash: hash.slice(0, SHOWN_HASH) };
}
