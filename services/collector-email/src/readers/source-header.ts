/** How a way in tells the pool of readers whose delivery it is, `shop/inbox`: what a client sends by this name is overwritten. */
export const SOURCE_HEADER = 'x-kenal-source';

/** Value of `SOURCE_HEADER`. */
export function sourceName(workspace: string, source: string): string {
  return `${workspace}/${source}`;
}
