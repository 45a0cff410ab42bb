import { COMPUTED_KINDS } from '@kenal/contracts';
import { z } from 'zod';

const time = z.string().describe('ISO 8601, UTC');

const fitView = z
  .object({
    model: z.string(),
    currency: z.string().describe('of the purchases; empty where money is no matter'),
    from: z.string().nullable().describe('first day that was learnt from'),
    until: z.string().nullable().describe('last day'),
    customers: z.number().describe('how many were learnt from'),
    heldOut: z
      .object({
        from: z
          .string()
          .nullable()
          .describe('last day that these figures were learnt from; null where nothing was held out'),
        days: z.number().describe('days after it that were foretold'),
        figures: z.record(z.string(), z.number()).describe('by name: actual, predicted, mae, auc, slope …'),
      })
      .describe('what the model was worth on days that it had not seen'),
  })
  .meta({ id: 'Fit', description: 'what a score rests on: a row of view `model_registry`' });

const scoreView = z
  .object({
    value: z.unknown(),
    kind: z.enum(COMPUTED_KINDS),
    computedAt: time,
    fitId: z.string().describe('of the model that it comes from (view `model_registry`); empty where none'),
    fit: fitView.nullable().describe('the same in full; null where there is none, or the warehouse is away'),
    reason: z.string().describe('in words; empty where there is nothing to say'),
  })
  .meta({ id: 'Score', description: 'what was computed of a person: a score, a computed trait, or a segment' });

export const scoresView = z
  .object({
    id: z.string(),
    version: z.number().int(),
    scores: z.record(z.string(), scoreView).describe('by name; a segment is here as long as the person is in it'),
  })
  .meta({ id: 'ProfileScores' });
