import { COLUMNS, type ErrorRates, type Profile } from './profile.ts';

/** Faults of ordinary customer data. The other profiles say where they differ. */
const EVERYDAY: ErrorRates = {
  given_name: {
    ...{ typo: 0.03, sound: 0.02, ocr: 0.005, truncated: 0.005, initial: 0.03, nickname: 0.06, swapped: 0.015 },
    ...{ unmarked: 0.2, respelled: 0.15, misplaced: 0.01, junk: 0.003, missing: 0.02 },
  },
  family_name: {
    ...{ typo: 0.03, sound: 0.025, ocr: 0.005, truncated: 0.005, unmarked: 0.2, respelled: 0.12 },
    ...{ misplaced: 0.003, junk: 0.003, missing: 0.02 },
  },
  full_name: { missing: 0.03 },
  birth_date: { digit: 0.03, dayMonth: 0.015, junk: 0.01, missing: 0.12 },
  gender: { junk: 0.002, missing: 0.08 },
  email: { typo: 0.02, misplaced: 0.004, junk: 0.01, missing: 0.15 },
  phone: { digit: 0.02, misplaced: 0.003, junk: 0.008, missing: 0.15 },
  street_number: { digit: 0.015, missing: 0.04 },
  street: { typo: 0.03, sound: 0.01, ocr: 0.005, truncated: 0.005, abbreviated: 0.25, unmarked: 0.15, missing: 0.04 },
  city: { typo: 0.02, sound: 0.01, unmarked: 0.2, misplaced: 0.005, missing: 0.03 },
  postcode: { digit: 0.025, ocr: 0.003, junk: 0.005, missing: 0.06 },
  state: { missing: 0.3 },
  country: { missing: 0.1 },
  occupation: { typo: 0.01, missing: 0.4 },
  birth_place: { typo: 0.02, unmarked: 0.2, missing: 0.4 },
  national_id: { digit: 0.01, missing: 0.35 },
};

const SHOP_SOURCES = [
  { id: 'shop', share: 0.5 },
  { id: 'crm', share: 0.3 },
  { id: 'till', share: 0.2 },
];

const typical: Profile = {
  summary: 'customers of a shop: most records nearly right, a few per person, families',
  columns: COLUMNS,
  ...{ spread: 'poisson', mean: 2, sources: SHOP_SOURCES },
  ...{ families: 0.6, born: [1935, 2005] },
  changes: { home: 0.35, phone: 0.35, email: 0.3, name: 0.15, occupation: 0.2 },
  ...{ reordered: 0.06, errors: EVERYDAY },
};

const clean: Profile = {
  ...typical,
  summary: 'few doubles in many records, much of it shared by families: who merges too much is found out',
  ...{ spread: 'poisson', mean: 1.03, families: 0.8 },
  changes: { home: 0.1, phone: 0.1, email: 0.1, name: 0.1, occupation: 0.1 },
  reordered: 0.02,
  errors: {
    given_name: {
      typo: 0.015,
      sound: 0.005,
      initial: 0.01,
      nickname: 0.02,
      unmarked: 0.1,
      respelled: 0.03,
      missing: 0.005,
    },
    family_name: { typo: 0.015, sound: 0.01, unmarked: 0.1, respelled: 0.03, missing: 0.005 },
    birth_date: { digit: 0.01, dayMonth: 0.005, junk: 0.002, missing: 0.04 },
    gender: { missing: 0.03 },
    email: { typo: 0.005, junk: 0.003, missing: 0.06 },
    phone: { digit: 0.01, junk: 0.003, missing: 0.06 },
    street: { typo: 0.01, abbreviated: 0.1, unmarked: 0.1, missing: 0.01 },
    city: { typo: 0.01, unmarked: 0.1, missing: 0.01 },
    postcode: { digit: 0.01, missing: 0.02 },
    state: { missing: 0.1 },
    occupation: { missing: 0.2 },
    birth_place: { missing: 0.2 },
    national_id: { missing: 0.2 },
  },
};

const dirty: Profile = {
  ...typical,
  summary: 'few columns, and half of their values missing or damaged',
  columns: ['record_id', 'truth', 'given_name', 'family_name', 'birth_date', 'city', 'email'],
  ...{ spread: 'poisson', mean: 4, families: 0.3 },
  changes: { home: 0.2, phone: 0, email: 0.15, name: 0.05, occupation: 0 },
  errors: {
    given_name: {
      ...{ typo: 0.14, sound: 0.06, ocr: 0.03, truncated: 0.02, nickname: 0.04, initial: 0.02, swapped: 0.05 },
      ...{ unmarked: 0.02, respelled: 0.02, missing: 0.12 },
    },
    family_name: {
      typo: 0.17,
      sound: 0.08,
      ocr: 0.04,
      truncated: 0.02,
      unmarked: 0.03,
      respelled: 0.02,
      missing: 0.14,
    },
    birth_date: { digit: 0.22, dayMonth: 0.06, reformatted: 0.02, junk: 0.02, missing: 0.18 },
    city: { typo: 0.18, sound: 0.04, ocr: 0.03, truncated: 0.03, unmarked: 0.02, missing: 0.2 },
    email: { typo: 0.24, ocr: 0.04, truncated: 0.01, junk: 0.01, missing: 0.2 },
  },
};

const historical: Profile = {
  ...typical,
  summary: 'people of the past in many sources: whole names in every form, few other columns',
  columns: ['record_id', 'truth', 'full_name', 'birth_date', 'birth_place', 'postcode', 'gender', 'occupation'],
  ...{ spread: 'geometric', mean: 9, families: 0.15, born: [1780, 1925], historical: true },
  cultures: { anglo: 0.6, american: 0.15, french: 0.08, german: 0.08, spanish: 0.03, russian: 0.03, indian: 0.03 },
  changes: { home: 0.8, phone: 0, email: 0, name: 0.05, occupation: 0.8 },
  reordered: 0.03,
  errors: {
    given_name: {
      ...{ typo: 0.07, sound: 0.04, ocr: 0.03, initial: 0.08, nickname: 0.07, swapped: 0.01 },
      ...{ unmarked: 0.1, missing: 0.03 },
    },
    family_name: {
      ...{ typo: 0.08, sound: 0.05, ocr: 0.04, truncated: 0.02, unmarked: 0.1, respelled: 0.03, missing: 0.02 },
    },
    full_name: { titled: 0.1, truncated: 0.02 },
    birth_date: { digit: 0.09, dayMonth: 0.02, yearOnly: 0.06, junk: 0.02, missing: 0.22 },
    birth_place: { typo: 0.06, unmarked: 0.1, missing: 0.25 },
    postcode: { digit: 0.1, ocr: 0.01, missing: 0.25 },
    gender: { missing: 0.2 },
    occupation: { typo: 0.01, missing: 0.35 },
  },
};

const twoSources: Profile = {
  ...typical,
  summary: 'two lists, nobody twice in one: the second writes in capitals, days first, streets short',
  columns: COLUMNS.filter((column) => column !== 'country' && column !== 'national_id'),
  ...{ spread: 'fixed', mean: 1.5, rotate: true, families: 0.6 },
  sources: [
    { id: 'register', share: 0.5 },
    { id: 'survey', share: 0.5, capitals: true, dayFirst: true, abbreviates: true },
  ],
  changes: { home: 0.25, phone: 0.2, email: 0.2, name: 0.1, occupation: 0.2 },
};

export const PROFILES = { clean, typical, dirty, historical, 'two-sources': twoSources } as const;
export type ProfileId = keyof typeof PROFILES;
