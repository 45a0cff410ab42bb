import type { IdentityState } from '@kenal/contracts';

/** Identifier → profile, as the state says that it was published. */
export async function publishedProfiles(state: IdentityState, workspace = 'shop'): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<IdentityState['scan']>> = await state.scan(workspace, cursor);
    for (const { id, fields } of page.components) {
      if (id.startsWith('*')) continue;
      for (const [field, text] of fields) {
        const profileId = text.split('|')[0]!;
        if (field.startsWith('a|') && profileId !== '') found.set(field.slice(2), profileId);
      }
    }
    cursor = page.cursor;
    if (cursor === null) return found;
  }
}
