import { randomBytes } from 'node:crypto';

/** Ids that no other process and no former life of this one gives: 12 random characters and a number. */
export function createComponentIds(): () => string {
  const life = randomBytes(9).toString('base64url');
  let count = 0;
  return () => {
    count += 1;
    return `${life}${count.toString(36)}`;
  };
}
