import { parentPort, type Transferable } from 'node:worker_threads';
// By itself, for a thread that computes needs nothing else of the kit: it starts in a third of the time
import { giveWay } from '@kenal/service-kit/give-way';
import type { Said } from './session.ts';

/** An answer, with what of it may go over without being copied. */
export interface Answer {
  readonly answer: unknown;
  readonly given?: readonly Transferable[];
}

/**
 * Be the thread of a session: answer what is asked, one question at a time, behind whatever else the machine has to do.
 * @returns says what it is about to do
 */
export function answerQuestions<Asked>(answer: (asked: Asked) => Answer): (step: string) => void {
  if (parentPort === null) throw new Error('this runs in a worker thread only');
  const port = parentPort;
  giveWay();
  const say = (message: Said, given: readonly Transferable[] = []): void => port.postMessage(message, given);
  port.on('message', (asked: Asked) => {
    try {
      const { given, ...said } = answer(asked);
      say(said, given);
    } catch (error) {
      say({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  return (step) => say({ step });
}
