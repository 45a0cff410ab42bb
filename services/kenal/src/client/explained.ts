/** What a link is made of, as the profile API names it. */
export type LinkClass = 'must' | 'deterministic' | 'probabilistic';

/** The same in words, behind two identifiers. */
export const TOGETHER: Readonly<Record<LinkClass, string>> = {
  deterministic: 'came together',
  probabilistic: 'likely one person, a model found',
  must: 'decided to be one person',
};
