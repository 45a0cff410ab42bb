export { createAuthority, issue } from './certificates.ts';
export { type Delivery, SENDERS, type Sender } from './senders.ts';
export { CERTIFICATE_URL, snsSender } from './sns-sender.ts';
