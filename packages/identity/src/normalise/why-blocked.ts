import type { BlockReason } from './blocked.ts';

/** Why a value names nobody, in words. */
export const WHY_BLOCKED: Readonly<Record<BlockReason, string>> = {
  bad_type: 'a type is written in lower case letters and _',
  empty: 'the value is empty',
  placeholder: 'such a value stands for nobody in particular',
  zeros: 'a value of nothing but zeros or dashes stands for nobody in particular',
  too_long: 'the value is too long',
  unreadable: 'a character of it could not be read where it came from',
  not_an_email: 'that is no e-mail address',
  role_mailbox: 'many people read such a mailbox',
  not_a_phone:
    'that is no phone number; write it with + and the country, or as it is dialled in the workspace’s region',
  reserved_phone: 'that number is reserved and belongs to nobody',
  configured: 'the configuration blocks this value',
};
