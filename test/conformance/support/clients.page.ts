import { jitsuAnalytics } from '@jitsu/js';
import { AnalyticsBrowser, type InitOptions } from '@segment/analytics-next';

// Runs in Chromium: the clients as their users bundle them, driven by the tests through `window`.
Object.assign(globalThis, {
  load: (writeKey: string, cdnURL: string, integrations: NonNullable<InitOptions['integrations']> = {}) =>
    AnalyticsBrowser.load({ writeKey, cdnURL }, { integrations }),
  loadJitsu: (writeKey: string, host: string) => jitsuAnalytics({ writeKey, host }),
});
