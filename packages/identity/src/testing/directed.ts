import type { Directive } from '@kenal/contracts';
import { compareText, type Directed } from '../rules.ts';

/** What directives make of a workspace's rules: revoked sources and the model in force. The same in any order. */
export function directedOf(directives: Iterable<Directive>): Omit<Directed, 'isBlocked'> {
  const sources = new Map<string, Directive>();
  let model: Directive | null = null;
  for (const directive of directives) {
    const { kind, source } = directive;
    if (kind === 'model' && isNewer(directive, model)) model = directive;
    if ((kind === 'revoke' || kind === 'clear') && source !== null && isNewer(directive, sources.get(source) ?? null))
      sources.set(source, directive);
  }
  const revoked = [...sources].filter(([, { kind }]) => kind === 'revoke').map(([source]) => source);
  return { revokedSources: new Set(revoked), model: model?.document ? JSON.parse(model.document).version : null };
}

/** The last word is that of the latest, of one instant that of the greater id. */
function isNewer(directive: Directive, than: Directive | null): boolean {
  if (than === null) return true;
  return (directive.issuedAt - than.issuedAt || compareText(directive.id, than.id)) > 0;
}
