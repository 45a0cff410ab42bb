import type { Device } from '../people.ts';
import type { Draft, Shopper, Visit } from '../visit.ts';

const CAMPAIGNS = ['spring-sale', 'newsletter-12', 'brand-search', 'retargeting'];

/** What happens, without what the device adds; `carries` are the identifiers that stand in it beside the device's own. */
export type Said = Pick<Draft, 'type' | 'name' | 'properties' | 'traits'> & Partial<Pick<Draft, 'carries'>>;

/** @param after seconds since the visit began */
export type Tell = (after: number, said: Said) => void;

/** Sends what happens on a device: from one campaign or none, and from the person who is signed in at that moment. */
export function createTeller(visit: Visit, device: Device): Tell {
  const context = contextOf(visit, device);
  return (after, { carries = [], ...said }) => {
    const who = identity(visit.shopper, device);
    const source = device.deviceId === null ? 'web' : 'app';
    visit.emit({ source, after, ...said, context, ...who, carries: [...who.carries, ...carries] });
  };
}

/** Whom the device says that it is. */
export function identity(
  shopper: Shopper,
  device: Device,
): { readonly userId?: string; readonly anonymousId: string; readonly carries: readonly string[] } {
  const { anonymousId, deviceId } = device;
  const carries = [`anonymous_id:${anonymousId}`];
  if (deviceId !== null) carries.push(`device_id:${deviceId}`);
  const { userId } = shopper.person;
  if (userId === null || !shopper.signedIn.has(device)) return { anonymousId, carries };
  return { userId, anonymousId, carries: [...carries, `user_id:${userId}`] };
}

function contextOf({ random, shopper }: Visit, device: Device): NonNullable<Draft['context']> {
  return {
    userAgent: device.userAgent,
    locale: shopper.person.language,
    ...(device.deviceId === null ? {} : { device: { id: device.deviceId, type: device.platform } }),
    ...(random.chance(0.12)
      ? {
          campaign: {
            name: random.pick(CAMPAIGNS),
            source: random.pick(['google', 'newsletter', 'social']),
            medium: 'cpc',
          },
        }
      : {}),
  };
}
