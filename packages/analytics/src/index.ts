export { type BasketLines, type Baskets, basketsOf, withoutGiants } from './baskets/baskets.ts';
export { frequentItemSets, type ItemSetOptions, type ItemSets, itemsOfSet } from './baskets/item-sets.ts';
export type { Measures } from './baskets/measures.ts';
export { type Rule, type RuleOptions, type Rules, rulesOf } from './baskets/rules.ts';
export { type ChurnModel, createChurn } from './churn/churn.ts';
export { type ChurnQuality, judgeChurn } from './churn/judge.ts';
export { type ChurnFit, type ChurnReason, type ChurnScores, churnFitOf, createChurnScores } from './churn/score.ts';
export { CHURN_SIDES, type ChurnSide } from './churn/sides.ts';
export { CHURN_FEATURES } from './churn/snapshot.ts';
export { type BgBbParameters, bgBbAlive, bgBbExpectation, fitBgBb, type Occasions } from './models/bg-bb.ts';
export { type Fit, isFlat, type Parameters } from './models/fit.ts';
export {
  expectedSpend,
  fitGammaGamma,
  GAMMA_GAMMA_NAMES,
  type GammaGammaParameters,
  type Spending,
} from './models/gamma-gamma.ts';
export { fitNbd } from './models/nbd.ts';
export {
  fitRepeat,
  outlookOf,
  REPEAT_MODELS,
  type RepeatModel,
  type RepeatModelName,
  type RepeatOutlook,
} from './models/repeat.ts';
export { type Cohort, fitSbg, SBG_NAMES, type SbgParameters, sbgRetention, sbgSurvival } from './models/sbg.ts';
export { type NeedModel, type NeedSegments, needPlacesOf, needSegmentsOf } from './needs/segments.ts';
export type { Spending as NeedSpending } from './needs/shares.ts';
export { Memory } from './numerics/memory.ts';
export { type BuyingDays, type BuyingDaysBuilder, createBuyingDays } from './purchases/buying-days.ts';
export { type Cell, type Cells, cellsFrom, cellsOf, type Histories, sumsOf, WEEK } from './purchases/cells.ts';
export { type CustomerHistories, historiesOf, keyOf, type Standing, standingOf } from './purchases/history.ts';
export { LEAST_BUYERS, lacking } from './purchases/lacking.ts';
export { type AlsoBought, type AlsoBoughtOptions, createAlsoBought, type Related } from './recommend/also-bought.ts';
export { type Chosen, chooseSettings } from './recommend/choose.ts';
export { evaluateRecommendations, type Judged, type RecommendEvaluation } from './recommend/evaluate.ts';
export type { OrderLines } from './recommend/history.ts';
export { createNextBest, type NewProduct, type NextBest, type Reorder } from './recommend/next-best.ts';
export type { RecommendSettings } from './recommend/settings.ts';
export { type Cox, type CoxData, fitCox } from './survival/cox.ts';
export { type Driver, type DriverEffect, type Drivers, driversOf } from './survival/drivers.ts';
export { kaplanMeier, medianSurvival, type SurvivalStep } from './survival/kaplan-meier.ts';
export { type LogRank, logRank } from './survival/log-rank.ts';
export type { Observed } from './survival/observed.ts';
export { compare, type Holdout, rootMeanSquare } from './value/holdout.ts';
export {
  createOutcomes,
  createPredictor,
  type Outcome,
  type Prediction,
  type PredictorOptions,
  spentOf,
} from './value/predict.ts';
