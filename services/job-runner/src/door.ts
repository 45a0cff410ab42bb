import { ALL_VERBS, type KenalConfig, type LinkageModel } from '@kenal/contracts';
import { type ErrorCode, isKenalError, KenalError } from '@kenal/errors';
import { configuredKeys, hashKey } from '@kenal/service-kit';

/** A link as it is handed in. */
export interface DoorLink {
  readonly a: string;
  readonly b: string;
  /** Log2 odds. */
  readonly weight: number;
  /** Bits by field, JSON. */
  readonly detail: string;
}

/** Where decisions and settings are handed in: the profile API, the only writer of their topics. */
export interface Door {
  /** Durable when it resolves. */
  links(workspace: string, model: string, links: readonly DoorLink[], reason: string): Promise<void>;
  model(workspace: string, model: LinkageModel, reason: string): Promise<void>;
  /** Stop an endpoint of webhooks. */
  disableWebhook(workspace: string, name: string, reason: string): Promise<void>;
  /** The key that opens a workspace. @throws KenalError `bad_config` where there is none */
  keyFor(workspace: string): string;
}

export interface DoorOptions {
  /** Root of the profile API. */
  readonly url: string;
  readonly keys: readonly string[];
  readonly config: KenalConfig;
}

const TIMEOUT_MS = 60_000;
const DIRECTIVES = '/v1/directives';

/**
 * Errors of all verbs: `unavailable` (retryable) where nobody answers or the answer says try again, else the code of the answer.
 */
export function createDoor({ url, keys, config }: DoorOptions): Door {
  const keyOf = new Map<string, string>();
  for (const key of keys)
    for (const { hash, workspace, verbs } of configuredKeys(config))
      if (hash === hashKey(key) && ALL_VERBS.every((verb) => verbs.includes(verb))) keyOf.set(workspace, key);
  const root = url.replace(/\/+$/, '');

  function keyFor(workspace: string): string {
    const key = keyOf.get(workspace);
    if (key !== undefined) return key;
    throw new KenalError(
      'bad_config',
      `no key of KENAL_STEWARD_KEY is among workspaces.stewardKeys of ${workspace}; add one, several stand with commas between`,
    );
  }

  async function post(workspace: string, path: string, body: object): Promise<void> {
    const authorization = `Bearer ${keyFor(workspace)}`;
    let answer: Response;
    try {
      answer = await fetch(`${root}${path}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (cause) {
      throw new KenalError('unavailable', `the profile API at ${root} does not answer`, { cause });
    }
    if (answer.ok) await answer.arrayBuffer();
    else throw await refusal(answer);
  }

  return {
    links: (workspace, model, pairs, reason) =>
      post(workspace, DIRECTIVES, { linkage: { model, pairs }, reason, actor: `model:${model}` }),
    model: (workspace, model, reason) =>
      post(workspace, DIRECTIVES, { model, reason, actor: `model:${model.version}` }),
    disableWebhook: (workspace, name, reason) =>
      post(workspace, `/v1/webhooks/${encodeURIComponent(name)}/stop`, { reason }),
    keyFor,
  };
}

async function refusal(answer: Response): Promise<KenalError> {
  const text = await answer.text();
  const said = readProblem(text);
  const detail = `the profile API answered ${answer.status}: ${said?.message ?? text.slice(0, 200)}`;
  if (answer.status >= 500 || answer.status === 429) return new KenalError('unavailable', detail);
  const error = new KenalError((said?.code ?? 'internal') as ErrorCode, detail);
  return isKenalError(error) ? error : new KenalError('internal', detail);
}

function readProblem(text: string): { code?: string; message?: string } | null {
  try {
    return JSON.parse(text) as { code?: string; message?: string };
  } catch {
    return null;
  }
}
