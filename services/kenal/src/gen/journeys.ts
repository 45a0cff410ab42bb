import type { Shopper, Visit } from './visit.ts';
import { chatVisit } from './visits/chat.ts';
import { emailVisit } from './visits/email.ts';
import { phoneVisit } from './visits/phone.ts';
import { storeVisit } from './visits/store.ts';
import { webVisit } from './visits/web.ts';

interface Way {
  readonly visit: (visit: Visit) => void;
  readonly weight: number;
  readonly open: (shopper: Shopper) => boolean;
}

const always = (): boolean => true;
/** How customers reach the shop, and who can. */
const WAYS: readonly Way[] = [
  { visit: webVisit, weight: 0.6, open: always },
  { visit: emailVisit, weight: 0.18, open: always },
  { visit: storeVisit, weight: 0.09, open: always },
  { visit: chatVisit, weight: 0.09, open: always },
  { visit: phoneVisit, weight: 0.1, open: ({ person }) => person.phones.length > 0 },
];

/** Make one contact of this customer with the shop, on a channel that fits. */
export function makeVisit(visit: Visit): void {
  const open = WAYS.filter((way) => way.open(visit.shopper));
  let rest = visit.random.next() * open.reduce((sum, way) => sum + way.weight, 0);
  const way = open.find(({ weight }) => {
    rest -= weight;
    return rest < 0;
  });
  (way ?? WAYS[0])?.visit(visit);
}
