import { type KenalConfig, PROFILES } from '@kenal/contracts';
import type { z } from 'zod';
import { faultOfNewWebhookUrl, faultOfWebhookUrl } from './webhook-address.ts';

/**
 * What of a `kenal.yaml` fits the schema and can never work: it is refused at the start, as the APIs refuse the same.
 * @param views that exports may name; undefined: nobody here knows them
 */
export function refuseWhatNeverWorks(views: ReadonlySet<string> | undefined) {
  return ({ workspaces }: KenalConfig, ctx: z.RefinementCtx): void => {
    const add = (path: PropertyKey[], message: string, known?: ReadonlySet<string>): void =>
      ctx.addIssue({ code: 'custom', path, message, ...(known === undefined ? {} : { params: { known } }) });
    for (const [w, { webhooks, exports, ...allowed }] of workspaces.entries()) {
      for (const [n, { url }] of webhooks.entries()) {
        const fault = faultOfNewWebhookUrl(url, allowed.dangerouslyAllowLoopbackWebhooks);
        if (fault !== null) add(['workspaces', w, 'webhooks', n, 'url'], demand(fault));
      }
      for (const [n, { what, to }] of exports.entries()) {
        const at = ['workspaces', w, 'exports', n];
        if (what !== undefined && what !== PROFILES && views?.has(what) === false)
          add([...at, 'what'], 'must be profiles, or the name of a view or mart', views);
        if (to.s3 === undefined || allowed.dangerouslyAllowPrivateExports) continue;
        const fault = faultOfWebhookUrl(to.s3.endpoint, false);
        if (fault !== null)
          add(
            [...at, 'to', 's3', 'endpoint'],
            `${demand(fault)}, or \`dangerouslyAllowPrivateExports\` of the workspace be true`,
          );
      }
    }
  };
}

/** Faults of addresses go on after `the address`. */
function demand(fault: string): string {
  return fault.startsWith('must ') ? fault : `must be another address: this one ${fault}`;
}
