export { cellsOf, csvLine } from './csv.ts';
export { CULTURES, type CultureId } from './cultures/culture.ts';
export { generateRecords } from './generate.ts';
export { mapFile } from './map-file.ts';
export { COLUMNS, type Column, type Profile, SPREADS, type Spread } from './profile.ts';
export { PROFILES, type ProfileId } from './profiles.ts';
export type { PersonRecord } from './record.ts';
