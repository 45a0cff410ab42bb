import type { ErrorCode } from '@kenal/errors';

/** Why a request was not taken for the sender's; `unavailable` where it could not be found out now. */
export type SignatureFault = Extract<
  ErrorCode,
  'signature_missing' | 'signature_invalid' | 'signature_stale' | 'unavailable'
>;

export type Verdict =
  | {
      readonly ok: true;
      /** What a replay would repeat, for the replay cache; null where the scheme has nothing of the kind. */
      readonly replayKey: string | null;
    }
  | {
      readonly ok: false;
      readonly code: SignatureFault;
      /**
       * What was found here, to stand after the catalogue's sentence: `new KenalError(code, reason)`.
       * Holds no secret, and no signature that would be right.
       */
      readonly reason: string;
    };

export function refuse(code: SignatureFault, reason: string): Verdict {
  return { ok: false, code, reason };
}
