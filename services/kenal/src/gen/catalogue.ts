import type { Random } from './random.ts';

/** One article of the shop. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  /** In hundredths of the shop's currency. */
  readonly cents: number;
}

export interface Catalogue {
  readonly products: readonly Product[];
  /** Categories that go together: each customer likes those of one taste, so that marts have groups of needs to find. */
  readonly tastes: readonly (readonly string[])[];
  /** A product, popular ones more often; `favourites` are categories that this customer likes. */
  draw(random: Random, favourites: readonly string[]): Product;
}

const RANGE: Readonly<Record<string, readonly [prefix: string, cheapest: number, dearest: number, items: string]>> = {
  kitchen: ['KIT', 450, 8900, 'kettle,teapot,saucepan,bread bin,mixing bowl,cake tin,rolling pin,spice rack,apron,jug'],
  coffee: [
    'COF',
    390,
    14900,
    'arabica beans,robusta beans,hand grinder,drip pot,filter papers,tasting set,flask,milk jug',
  ],
  garden: ['GAR', 295, 12900, 'watering can,seed box,trowel,lantern,plant pot,bird feeder,hose reel,herb kit,gloves'],
  home: ['HOM', 350, 19900, 'cushion,throw,mirror,picture frame,candle holder,table lamp,rug,wall clock,vase,basket'],
  stationery: ['STA', 95, 3900, 'notebook,fountain pen,letter set,wrapping paper,diary,pencil case,stamp set,card box'],
  toys: ['TOY', 299, 5900, 'wooden train,jigsaw,kite,doll house,building blocks,card game,puppet,skipping rope'],
  textiles: ['TEX', 590, 15900, 'batik scarf,linen towel,quilt,tablecloth,tote bag,bath robe,curtain,pillow case'],
};
const TASTES = [
  ['kitchen', 'coffee', 'home', 'textiles'],
  ['garden', 'stationery', 'toys'],
];
const STYLES = ['white', 'vintage', 'striped', 'oak', 'blue'];

/** The same shop for everyone: it hangs on no seed. */
export function createCatalogue(): Catalogue {
  const products: Product[] = [];
  for (const [category, [prefix, cheapest, dearest, items]] of Object.entries(RANGE)) {
    for (const [index, item] of items.split(',').entries()) {
      for (const [style, adjective] of STYLES.entries()) {
        if ((index + style) % 2 === 1) continue; // not every article comes in every style
        const step = (index * 7 + style * 3) % 10;
        products.push({
          sku: `${prefix}-${100 + index * 10 + style}`,
          name: `${adjective} ${item}`,
          category,
          cents: Math.round((cheapest * (dearest / cheapest) ** (step / 10)) / 5) * 5,
        });
      }
    }
  }
  const byCategory = Map.groupBy(products, (product) => product.category);
  return {
    products,
    tastes: TASTES,
    draw: (random, favourites) => {
      const liked = favourites.length > 0 && random.chance(0.85) ? byCategory.get(random.pick(favourites)) : undefined;
      const from = liked ?? products;
      return from[Math.floor(from.length * random.next() ** 2)] as Product; // the front of the list sells best
    },
  };
}
