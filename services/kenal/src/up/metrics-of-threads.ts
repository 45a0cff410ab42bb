import type { Metrics } from '@kenal/service-kit';

/**
 * The metrics of this process with those of its threads beside them. Of a thread only Kenal's own are taken: the ones about
 * process and heap are there already, and a name may stand only once.
 */
export function withThreadMetrics(metrics: Metrics, threads: () => Promise<readonly string[]>): Metrics {
  return {
    ...metrics,
    render: async () => {
      const { contentType, text } = await metrics.render();
      const parts = [text.trimEnd()];
      const known = typesIn(text);
      for (const own of await threads()) {
        const lines = own.split('\n').filter((line) => {
          const name = /^(?:# (?:HELP|TYPE) )?(kenal_[a-z_]+)/.exec(line)?.[1];
          return name !== undefined && !known.has(name.replace(/_(?:bucket|sum|count)$/, '')) && !known.has(name);
        });
        if (lines.length > 0) parts.push(lines.join('\n'));
        for (const name of typesIn(own)) known.add(name);
      }
      return { contentType, text: `${parts.join('\n')}\n` };
    },
  };
}

function typesIn(text: string): Set<string> {
  return new Set(Array.from(text.matchAll(/^# TYPE (\S+)/gm), ([, name]) => name as string));
}
