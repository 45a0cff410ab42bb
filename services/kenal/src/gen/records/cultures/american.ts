import { anglo } from './anglo.ts';
import type { Culture } from './culture.ts';

/** Names as in Britain, places of the United States. */
export const american: Culture = {
  ...anglo,
  id: 'american',
  region: 'US',
  country: 'United States',
  share: 0.12,
  cities:
    'New_York/NY/100## Los_Angeles/CA/900## Chicago/IL/606## Houston/TX/770## Phoenix/AZ/850## Philadelphia/PA/191## San_Antonio/TX/782## San_Diego/CA/921## Dallas/TX/752## Austin/TX/787## Columbus/OH/432## Charlotte/NC/282## Indianapolis/IN/462## Seattle/WA/981## Denver/CO/802## Boston/MA/021## Nashville/TN/372## Portland/OR/972## Detroit/MI/482## Memphis/TN/381## Baltimore/MD/212## Milwaukee/WI/532## Albuquerque/NM/871## Atlanta/GA/303## Miami/FL/331## Minneapolis/MN/554## New_Orleans/LA/701## Cleveland/OH/441## Buffalo/NY/142##',
  towns: {
    start:
      'Ash Brook Cedar_ Clear Fair Frank Glen Green Jackson Jeffer Lake Madi Maple_ Oak River Rock Salem_ Spring Union_ Wood',
    end: 'ville field ford wood ton dale _Falls _Springs _Heights burg side view port',
    postcode: '#####',
  },
  streets:
    'Main Oak Maple Park Washington Second Third Cedar Elm Pine Walnut Lincoln Jefferson Lake Hill Sunset Highland Madison Jackson Church Spring River Center Meadow Forest Chestnut Franklin Willow Adams Monroe Broadway Dogwood Hickory Valley Prospect',
  streetKinds: '*_Street *_Avenue *_Drive *_Road *_Lane North_*_Street West_*_Avenue *_Court *_Boulevard *_Way',
  abbreviations:
    'Street:St,St. Avenue:Ave,Av Drive:Dr Road:Rd Lane:Ln Court:Ct Boulevard:Blvd Way:Wy North:N,N. West:W,W.',
  nationalId: '###-##-####',
};
