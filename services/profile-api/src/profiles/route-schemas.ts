import { opensBy, PERSON_SECURITY } from '@kenal/service-kit';
import { FAULTS } from '../http/faults.ts';
import * as explain from './explain-schemas.ts';
import { partQuery, profileParams } from './query.ts';
import * as schemas from './schemas.ts';
import { scoresView } from './score-schemas.ts';
import * as search from './search-schemas.ts';
import * as timeline from './timeline-schemas.ts';

const COMMON = { tags: ['profiles'], security: opensBy('profiles') } as const;
const OF_ONE = { tags: ['profiles'], security: PERSON_SECURITY } as const;

/** What each route of `/v1/profiles` takes and gives. */
export const ROUTES = {
  search: {
    ...COMMON,
    operationId: 'searchProfiles',
    summary: 'Find people by a part of their name, e-mail, phone number or id',
    querystring: search.searchQuery,
    response: { 200: search.searchView, ...FAULTS },
  },
  profile: {
    ...OF_ONE,
    operationId: 'getProfile',
    summary: 'One person, by any identifier or any profile id ever issued',
    params: profileParams,
    querystring: schemas.profileQuery,
    response: { 200: schemas.profileView, ...FAULTS },
  },
  traits: {
    ...OF_ONE,
    operationId: 'getProfileTraits',
    summary: 'What is known of a person, each trait with its source and time',
    params: profileParams,
    querystring: schemas.traitsQuery,
    response: { 200: schemas.traitsView, ...FAULTS },
  },
  scores: {
    ...OF_ONE,
    operationId: 'getProfileScores',
    summary: 'What was computed of a person: scores, computed traits and segments, each with its time, fit and reason',
    params: profileParams,
    querystring: partQuery,
    response: { 200: scoresView, ...FAULTS },
  },
  identifiers: {
    ...OF_ONE,
    operationId: 'getProfileIdentifiers',
    summary: 'All identifiers of a person, strongest first',
    params: profileParams,
    querystring: partQuery,
    response: { 200: schemas.identifiersView, ...FAULTS },
  },
  explain: {
    ...COMMON,
    operationId: 'explainProfile',
    summary: 'Why two identifiers are one person, or two',
    params: profileParams,
    querystring: explain.explainQuery,
    response: { 200: explain.explainView, ...FAULTS },
  },
  timeline: {
    ...OF_ONE,
    operationId: 'getProfileTimeline',
    summary: 'What happened with a person, on all channels, newest first',
    params: profileParams,
    querystring: timeline.timelineQuery,
    response: { 200: timeline.timelineView, ...FAULTS },
  },
} as const;
