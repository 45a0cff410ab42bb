const LONGEST_HTML = 100_000;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };

/**
 * Words of a message that its vendor keeps as HTML: `<p>Hi &amp; bye<br>A</p>` → `Hi & bye\nA`. Not safe HTML: text.
 * Each pattern ends at the next `<`, so that no text takes more than linear time.
 */
export function plainText(html: string | null): string | null {
  if (html === null) return null;
  return html
    .slice(0, LONGEST_HTML)
    .replaceAll(/<br[^<>]*>|<\/(?:p|div|li|h\d)>/gi, '\n')
    .replaceAll(/<[^<>]*>/g, '')
    .replaceAll(/&(amp|lt|gt|quot|#39|nbsp);/g, (_entity, name: string) => ENTITIES[name] ?? '')
    .trim();
}
