export { CAMPAIGNS, type Campaign } from './campaigns.ts';
export { type GeneratedEvent, type SegmentEvent, SHOP_SOURCES, type ShopSource } from './event.ts';
export { createGenerator, type Generator, type GeneratorOptions } from './generator.ts';
export type { Device, Person } from './people.ts';
export type { PersonTruth } from './truth.ts';
