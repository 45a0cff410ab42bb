export type { Changes, SubscribedChange, SubscribeOptions } from './changes.ts';
export { createKenal, type Kenal, type KenalOptions } from './create-kenal.ts';
export { CLIENT_CODES, KenalApiError } from './errors.ts';
export type { GetOptions, Profiles, ReadOptions, TimelineOptions, TokenOptions, TraitsOptions } from './profiles.ts';
export type { OnError, Sent } from './queue.ts';
export type { Tracker } from './tracker.ts';
export type * from './wire.ts';
