import { words } from './words.ts';

/** Frequent first. */
export const OCCUPATIONS = words(
  'sales_assistant teacher nurse driver student office_clerk engineer accountant cleaner manager electrician software_developer cook retired builder farmer mechanic doctor waiter plumber carpenter police_officer lawyer secretary warehouse_worker hairdresser painter social_worker security_guard receptionist designer architect pharmacist dentist journalist shop_owner care_assistant lecturer bus_driver welder musician photographer librarian translator paramedic baker butcher gardener tailor fisherman pilot civil_servant consultant estate_agent chemist economist veterinarian physiotherapist actor author',
);

/** Of people whom encyclopaedias write about, who often had several. */
export const HISTORICAL_OCCUPATIONS = words(
  'politician military_officer writer painter cricketer lawyer clergyman physician poet journalist engineer merchant naval_officer botanist composer actor architect historian physicist chemist mathematician footballer judge diplomat missionary explorer sculptor banker publisher philosopher astronomer singer photographer landowner educator theologian novelist surgeon geologist economist artist aristocrat civil_servant soldier businessperson farmer rower suffragette',
);

export const TITLES = words('Sir Rev. Dr Lord Captain Colonel Professor General Admiral Hon. Major Lady Baron');
