import { type KenalConfig, parseTime } from '@kenal/contracts';
import { erasureHash } from '@kenal/service-kit';
import type { Standing } from '../directives/standing.ts';
import type { InteractionView } from '../profiles/timeline-schemas.ts';
import type { Tail } from './tail.ts';

/**
 * The tail without what people did before they were erased: it stands in the log as long as that is kept.
 * What others did, and only named such a person, is shown.
 */
export function withoutErased(
  tail: Tail<InteractionView>,
  config: KenalConfig,
  standing: (workspace: string) => Promise<Pick<Standing, 'erased'>>,
): Tail<InteractionView> {
  const keys = new Map(config.workspaces.map(({ id, erasureKey }) => [id, erasureKey]));
  return {
    page: async (workspace, limit, after) => {
      const page = await tail.page(workspace, limit, after);
      const key = keys.get(workspace);
      if (key === undefined || page.items.length === 0) return page;
      const { erased } = await standing(workspace);
      if (erased.size === 0) return page;
      const isShown = ({ owner, receivedAt }: InteractionView): boolean =>
        owner === null || (erased.get(erasureHash(key, owner)) ?? 0) < (parseTime(receivedAt) ?? 0);
      return { ...page, items: page.items.filter(isShown) };
    },
  };
}
