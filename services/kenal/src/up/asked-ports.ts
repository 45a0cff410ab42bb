import type { KenalConfig } from '@kenal/contracts';
import { createPortChooser } from '../distributed/ports.ts';
import type { StackOptions } from './stack.ts';

/**
 * Look at the ports that were asked for before anything takes long; those that may be others are found when they are needed.
 * @throws KenalError `port_taken`
 */
export async function refuseTakenPorts({ host, port, sqlPort, smtp, config }: StackOptions): Promise<void> {
  const choose = createPortChooser();
  for (const one of [port, sqlPort, takesMail(config) ? smtp?.port : undefined])
    if (one?.onTaken === 'fail' && one.number !== 0) await choose(host, one.number, one.number);
}

/** Whether mail comes in by an SMTP port of ours. */
export function takesMail({ workspaces }: KenalConfig): boolean {
  return workspaces.some(({ sources }) => sources.some(({ kind, enabled }) => kind === 'smtp' && enabled));
}
