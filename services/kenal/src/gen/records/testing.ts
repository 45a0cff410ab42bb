import { generateRecords, type RecordOptions } from './generate.ts';
import type { Profile } from './profile.ts';
import { PROFILES, type ProfileId } from './profiles.ts';
import type { PersonRecord } from './record.ts';

export interface Asked extends Partial<Omit<RecordOptions, 'profile'>> {
  readonly profile?: ProfileId;
  /** What is otherwise in the profile. */
  readonly but?: Partial<Profile>;
}

/** Records of a file as tests ask for them: seed 7, 1,000 records, profile typical, its own faults. */
export function records({ profile = 'typical', but = {}, ...options }: Asked = {}): readonly PersonRecord[] {
  return [
    ...generateRecords({ seed: 7, records: 1_000, errors: 1, ...options, profile: { ...PROFILES[profile], ...but } }),
  ];
}

/** Household of a person: `p12-3` → `p12` */
export function householdOf(truth: string): string {
  return truth.slice(0, truth.indexOf('-'));
}
