import { driversOf, needSegmentsOf } from '@kenal/analytics';
import { answerQuestions } from '../thread/answer.ts';
import type { Asked } from './messages.ts';

answerQuestions<Asked>((asked) => {
  switch (asked.ask) {
    case 'segments':
      return { answer: needSegmentsOf(asked.spending, { seed: asked.seed }) };
    case 'drivers':
      return { answer: driversOf(asked.observed, asked.drivers) };
  }
});
