import type { Metrics } from '@kenal/service-kit';

/**
 * The metrics of this process with those of a thread beside them. Of the thread only Kenal's own are taken: the ones about
 * process and heap are there already, and a name may stand only once.
 */
export function withThreadMetrics(metrics: Metrics, thread: () => Promise<string>): Metrics {
  return {
    ...metrics,
    render: async () => {
      const { contentType, text } = await metrics.render();
      const known = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]));
      const extra = (await thread()).split('\n').filter((line) => {
        const name = /^(?:# (?:HELP|TYPE) )?(kenal_[a-z_]+)/.exec(line)?.[1];
        return name !== undefined && !known.has(name.replace(/_(?:bucket|sum|count)$/, '')) && !known.has(name);
      });
      return { contentType, text: extra.length === 0 ? text : `${text.trimEnd()}\n${extra.join('\n')}\n` };
    },
  };
}
