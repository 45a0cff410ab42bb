import { type KenalConfig, kenalConfigSchema, linkageModelSchema } from '@kenal/contracts';
import { isKenalError, KenalError } from '@kenal/errors';
import { createNormaliser } from '@kenal/identity';
import { checkValue, listFaults, rulesetHash } from '@kenal/service-kit';
import { type Draft, draftOf } from './draft.ts';

/**
 * Other identity rules, checked as kenal.yaml is. They name the rules of kenal.yaml that they take the place of: where the
 * file says something else by then, the file holds.
 * @throws KenalError `bad_body`, `not_found`
 */
export function rulesetDraft(config: KenalConfig, workspace: string, identity: unknown): Draft {
  const own = config.workspaces.find(({ id }) => id === workspace);
  if (own === undefined) throw new KenalError('not_found', `workspace ${workspace} is not configured`);
  const checked = checkValue(kenalConfigSchema, { workspaces: [{ ...own, identity }] });
  if (!checked.ok) {
    const faults = checked.faults.map((fault) => fault.replace(/^workspaces\[0\]\./, 'ruleset.'));
    throw new KenalError('bad_body', listFaults('the body', { faults, more: checked.more }));
  }
  const ruleset = checked.value.workspaces[0]!.identity;
  try {
    // Nobody could be told apart by patterns that are none
    createNormaliser(ruleset, own.region);
  } catch (error) {
    throw isKenalError(error, 'bad_config') ? new KenalError('bad_body', `the body: ruleset.${error.detail}`) : error;
  }
  const document = JSON.stringify(ruleset);
  return draftOf('ruleset', { document, base: rulesetHash(own.identity) });
}

/** @throws KenalError `bad_body` */
export function modelDraft(model: unknown): Draft {
  const checked = checkValue(linkageModelSchema, model);
  if (!checked.ok) throw new KenalError('bad_body', listFaults('model', checked));
  return draftOf('model', { document: JSON.stringify(checked.value), model: checked.value.version });
}
