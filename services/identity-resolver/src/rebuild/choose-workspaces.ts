import { type EventLog, type IdentityState, type KenalConfig, TOPICS } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';

export interface ChooseDeps {
  readonly log: EventLog;
  readonly state: IdentityState;
  readonly config: KenalConfig;
}

/**
 * Workspaces whose state is to be made: those in which no interaction was ever processed.
 * @throws KenalError `state_not_empty` where there is none, or one of those wanted is not among them; `bad_config` where
 *   one is not configured
 */
export async function chooseWorkspaces(
  { log, state, config }: ChooseDeps,
  wanted: readonly string[] | undefined,
): Promise<readonly string[]> {
  const configured = config.workspaces.map(({ id }) => id);
  const unknown = wanted?.find((workspace) => !configured.includes(workspace));
  if (unknown !== undefined)
    throw new KenalError('bad_config', `there is no workspace ${unknown}; there are ${configured.join(', ')}`);
  const partitions = (await log.ranges(TOPICS.interactions.name)).map(({ partition }) => partition);
  const processed = await state.processed(wanted ?? configured, partitions);
  const standing = new Set(processed.filter(({ offset }) => offset >= 0).map(({ workspace }) => workspace));
  const chosen = (wanted ?? configured).filter((workspace) => !standing.has(workspace));
  if (chosen.length === 0 || (wanted !== undefined && standing.size > 0))
    throw new KenalError(
      'state_not_empty',
      `that of ${[...standing].join(', ')} is there. To have it made anew, stop Kenal and empty it first: delete ` +
        'state/identity.db and what lies beside it in the data directory, or in Redis all keys kenal:{<workspace>}:*',
    );
  return chosen;
}
