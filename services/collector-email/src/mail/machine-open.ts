/** Programs that fetch the pictures of a mail for its reader, read or not. */
const PROXY_AGENT = /GoogleImageProxy|YahooMailProxy|ggpht\.com|DuckDuckGo-?Email|bot\b|crawler|spider/i;
/** What Apple's Mail Privacy Protection calls itself: this and nothing after it. */
const APPLE_AGENT = /^Mozilla\/5\.0$/;
/** Addresses of Apple (17/8) and of Google's picture proxy (66.249.80.0/20, 66.102.0.0/20). */
const PROXY_ADDRESS = /^(?:17\.|66\.249\.(?:8\d|9[0-5])\.|66\.102\.(?:\d|1[0-5])\.)/;

/** Whether an open says nothing of its reader: a proxy fetched the picture. */
export function isMachineOpen(userAgent: string | null, address: string | null): boolean {
  const agent = userAgent?.trim() ?? '';
  return APPLE_AGENT.test(agent) || PROXY_AGENT.test(agent) || PROXY_ADDRESS.test(address ?? '');
}
