import { type Answer, answerQuestions } from '../thread/answer.ts';
import { encodedRows } from '../thread/rows.ts';
import { readBuyingPart } from './buying-part.ts';
import { fitChurn } from './fit-churn.ts';
import { fitDonors } from './fit-donors.ts';
import { fitRepeats, readCells } from './fit-repeat.ts';
import { fitSpend, readSpenders } from './fit-spend.ts';
import type { Asked } from './messages.ts';
import { createScoreEncoder, type ScoreRun } from './score-columns.ts';
import { createScorer } from './score-part.ts';

let scoring: { readonly score: ReturnType<typeof createScorer>; readonly run: ScoreRun } | null = null;
const encoder = createScoreEncoder();

answerQuestions<Asked>((asked): Answer => {
  switch (asked.ask) {
    case 'repeat': {
      const earlier = asked.earlier.length === 0 ? null : readCells(asked.earlier);
      return { answer: fitRepeats(readCells(asked.now), earlier, asked.horizonDays) };
    }
    case 'spend': {
      const earlier = asked.earlier.length === 0 ? null : readSpenders(asked.earlier);
      return { answer: fitSpend(readSpenders(asked.now), earlier) };
    }
    case 'churn':
      return { answer: fitChurn(readBuyingPart(asked.rows), asked.asOf, asked.horizonDays) };
    case 'donors':
      return { answer: fitDonors(asked.now, asked.earlier, asked.years) };
    case 'basis':
      scoring = { score: createScorer(asked.basis), run: asked.run };
      return { answer: null };
    case 'score': {
      const { score, run } = scoring!;
      const of = score(readBuyingPart(asked.rows));
      return encodedRows(encoder, of.part.profiles.length, (at) => ({ of, at, run }));
    }
  }
});
