import { z } from 'zod';

const HASHED = /^sha256:[0-9a-f]{64}$/;
/** `env:NAME`: an environment variable that holds the value. */
export const FROM_ENVIRONMENT = /^env:[A-Z_][A-Z0-9_]*$/;

const regionNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

export const region = z.string().refine((text) => /^[A-Z]{2}$/.test(text) && regionNames.of(text) !== undefined, {
  error: 'must be an ISO 3166 country code of two capital letters, such as GB or ID',
});

/** A key that others show us: its hash is enough. */
export const keyReference = z
  .string()
  .refine((text) => HASHED.test(text) || FROM_ENVIRONMENT.test(text), {
    error:
      'must be `sha256:<64 hex digits>` (the hash of the key) or `env:NAME` (an environment variable that holds the key)',
  })
  .describe('never the key itself')
  .meta({ secret: true });

/** A secret that we compute with, so that no hash will do. */
export const secretReference = z
  .string()
  .refine((text) => FROM_ENVIRONMENT.test(text), {
    error: 'must be `env:NAME`, an environment variable that holds the secret',
  })
  .describe('never the secret itself')
  .meta({ secret: true });
