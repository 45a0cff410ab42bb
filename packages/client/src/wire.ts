// Made from /openapi.json of a running Kenal: kenal.e2e.test.ts with -u writes it anew.

export type Accepted = {
    readonly success: true;
    /** events that are durable now; a copy of an earlier one among them */
    readonly accepted: number;
    /** events that were refused and are kept as failed events, or records that were refused */
    readonly rejected: readonly {
        /** place in the batch, from 0 */
        readonly index: number;
        readonly messageId: string | null;
        /** code of the error catalogue */
        readonly code: string;
        /** field at fault: `$.batch[3].timestamp` */
        readonly path: string;
        readonly reason: string;
    }[];
};
/**
 * @example {
 *       "userId": "ann",
 *       "previousId": "c1"
 *     }
 */

export type Alias = {
    /** the same id again adds nothing; without one it is a hash of the event’s bytes */
    readonly messageId?: string;
    /** who it is, in the caller’s own system */
    readonly userId?: string | number | null;
    /** whom the caller knows by a cookie or an installation only */
    readonly anonymousId?: string | number | null;
    /** ISO 8601, or seconds or milliseconds since 1970 */
    readonly timestamp?: string | number | null;
    /** ISO 8601, or seconds or milliseconds since 1970 */
    readonly sentAt?: string | number | null;
    /** where and with what it happened */
    readonly context?: {
        /** facts about the person */
        readonly traits?: {
            readonly [key: string]: unknown;
        };
        /** further identifiers of the person */
        readonly externalIds?: readonly ({
            readonly id: string;
            /** user_id, loyalty_card, email, phone, device_id, anonymous_id, address, or one that kenal.yaml declares */
            readonly type: string;
            /** users (default); others name no person */
            readonly collection?: string;
        } & {
            readonly [key: string]: unknown;
        })[];
        readonly device?: {
            readonly id?: string;
            readonly advertisingId?: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly campaign?: {
            readonly [key: string]: unknown;
        };
        readonly consent?: {
            readonly [key: string]: unknown;
        };
    } & {
        readonly [key: string]: unknown;
    };
    /** the write key, where it stands in no header */
    readonly writeKey?: string;
    /** id that the person had before */
    readonly previousId: string | number;
} & {
    readonly [key: string]: unknown;
};
/**
 * @example {
 *       "batch": [
 *         {
 *           "type": "track",
 *           "userId": "ann",
 *           "event": "Order Completed",
 *           "properties": {
 *             "order_id": "1001",
 *             "total": 27.5,
 *             "currency": "GBP"
 *           },
 *           "messageId": "order-1001"
 *         }
 *       ]
 *     }
 */

export type Batch = {
    /** 1 to 2,500 events; each is judged alone */
    readonly batch: readonly ({
        /** the same id again adds nothing; without one it is a hash of the event’s bytes */
        readonly messageId?: string;
        /** who it is, in the caller’s own system */
        readonly userId?: string | number | null;
        /** whom the caller knows by a cookie or an installation only */
        readonly anonymousId?: string | number | null;
        /** ISO 8601, or seconds or milliseconds since 1970 */
        readonly timestamp?: string | number | null;
        /** ISO 8601, or seconds or milliseconds since 1970 */
        readonly sentAt?: string | number | null;
        /** where and with what it happened */
        readonly context?: {
            /** facts about the person */
            readonly traits?: {
                readonly [key: string]: unknown;
            };
            /** further identifiers of the person */
            readonly externalIds?: readonly ({
                readonly id: string;
                /** user_id, loyalty_card, email, phone, device_id, anonymous_id, address, or one that kenal.yaml declares */
                readonly type: string;
                /** users (default); others name no person */
                readonly collection?: string;
            } & {
                readonly [key: string]: unknown;
            })[];
            readonly device?: {
                readonly id?: string;
                readonly advertisingId?: string;
            } & {
                readonly [key: string]: unknown;
            };
            readonly campaign?: {
                readonly [key: string]: unknown;
            };
            readonly consent?: {
                readonly [key: string]: unknown;
            };
        } & {
            readonly [key: string]: unknown;
        };
        /** the write key, where it stands in no header */
        readonly writeKey?: string;
        /**
         * decides what else the event needs
         */
        readonly type: "identify" | "track" | "page" | "screen" | "group" | "alias";
    } & {
        readonly [key: string]: unknown;
    })[];
    /** ISO 8601, or seconds or milliseconds since 1970 */
    readonly sentAt?: string | number | null;
    /** fills in for what an event’s own context lacks */
    readonly context?: {
        /** facts about the person */
        readonly traits?: {
            readonly [key: string]: unknown;
        };
        /** further identifiers of the person */
        readonly externalIds?: readonly ({
            readonly id: string;
            /** user_id, loyalty_card, email, phone, device_id, anonymous_id, address, or one that kenal.yaml declares */
            readonly type: string;
            /** users (default); others name no person */
            readonly collection?: string;
        } & {
            readonly [key: string]: unknown;
        })[];
        readonly device?: {
            readonly id?: string;
            readonly advertisingId?: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly campaign?: {
            readonly [key: string]: unknown;
        };
        readonly consent?: {
            readonly [key: string]: unknown;
        };
    } & {
        readonly [key: string]: unknown;
    };
    /** the write key, where it stands in no header */
    readonly writeKey?: string;
} & {
    readonly [key: string]: unknown;
};

/** who is calling */
export type Card = {
    readonly id: string;
    readonly version: number;
    /** trait `name`, or first and last name */
    readonly name: string | null;
    readonly traits: {
        readonly [key: string]: unknown;
    };
    /** strongest first */
    readonly identifiers: readonly {
        readonly type: string;
        readonly value: string;
    }[];
    readonly consent: {
        readonly [key: string]: boolean;
    };
    /** scores, computed traits and segments */
    readonly computed: {
        readonly [key: string]: unknown;
    };
    /** first interaction */
    readonly customerSince: string;
    /** the newest first; null where the key shows no timeline */
    readonly openCases: readonly {
        readonly id: string;
        readonly source: string;
        readonly channel: string;
        readonly openedAt: string | null;
        /** how often it was opened again */
        readonly reopened: number;
        readonly priority: string | null;
        /** as its source said it last */
        readonly status: string | null;
        readonly team: string | null;
        readonly conversationId: string | null;
    }[] | null;
    /** what the person or somebody with them did last */
    readonly lastContact: {
        /** message id */
        readonly id: string;
        readonly source: string;
        readonly channel: string;
        readonly direction: string;
        readonly type: string;
        readonly name: string | null;
        /** ISO 8601, UTC */
        readonly at: string;
    } | null;
    readonly lastOrder: Order | null;
    /** what to offer next, at most three of each kind */
    readonly nextBest: readonly {
        /** new: never bought; reorder: bought before */
        readonly kind: string;
        readonly itemId: string;
        readonly reason: string;
        readonly inStock: boolean | null;
    }[] | null;
};

export type ChangeComputedAttribute = {
    readonly value: JsonValue;
    readonly kind: "score" | "trait" | "segment";
    readonly computedAt: string;
    /** of the model that it comes from, empty where none */
    readonly fitId: string;
    readonly reason: string;
};

export type ChangeContent = {
    readonly traits: {
        readonly [key: string]: JsonValue;
    };
    /** strongest first, 1,000 at most */
    readonly identifiers: readonly {
        readonly type: string;
        readonly value: string;
    }[];
    /** how many there are in all */
    readonly identifierCount: number;
    /** purpose → granted, the last word on each */
    readonly consent: {
        readonly [key: string]: boolean;
    };
    /** scores, tiers, computed traits, and `segment.<name>` of those the profile is in */
    readonly computed: {
        readonly [key: string]: ChangeComputedAttribute;
    };
};

export type ChangeEnvelope = {
    /** `<profileId>:<version>`; the same id is the same change, and may come twice */
    readonly id: string;
    /**
     * merged: the profile is gone, `mergedInto` has its identifiers now; erased: gone, and nobody has; split: some of its identifiers went to `splitInto`
     */
    readonly type: "created" | "updated" | "merged" | "split" | "erased";
    readonly workspace: string;
    readonly profileId: string;
    /** strictly increases per profile, with gaps */
    readonly version: number;
    /** version of the change before this one, 0 for the first */
    readonly previousVersion: number;
    readonly occurredAt: string;
    /** null for the first, and where it cannot be told any more (the rules changed, the person is erased) */
    readonly before: ChangeContent | null;
    /** null where the profile is gone */
    readonly after: ChangeContent | null;
    /** paths that differ: `traits.email`, `computed.churn.band`, `identifiers` */
    readonly changed: readonly string[];
    /** identifiers that point to this profile from this version on, and whose they were */
    readonly assigned: readonly {
        readonly type: string;
        readonly value: string;
        readonly key: string;
        readonly from: string;
    }[];
    /** identifiers, `type:value`, that nobody has now; never those of an erasure */
    readonly released: readonly string[];
    readonly cause: {
        /** of the interaction or decision; of rule `computed` the fit */
        readonly messageId: string;
        readonly source: string;
        readonly rule: string;
    };
    readonly mergedInto: string | null;
    /** profiles that are part of this one from this version on */
    readonly mergedFrom: readonly string[];
    readonly splitInto: readonly string[];
};

export type ChangeFilter = {
    /** what happened to the profile */
    readonly types?: readonly ("created" | "updated" | "merged" | "split" | "erased")[];
    /** these profiles only */
    readonly profileIds?: readonly string[];
    /** what differs: a path (`traits.email`, `identifiers`), or its beginning (`computed.churn`, `traits.*`) */
    readonly changed?: readonly string[];
    /** `entered:vip`, `left:vip`; where `before` cannot be told, nobody is said to have moved */
    readonly segments?: readonly string[];
    /** the profile has an identifier of one of these types, or had one before it was gone */
    readonly identifierTypes?: readonly string[];
};

/** why two identifiers are one person, or two */
export type Explanation = {
    readonly a: {
        /** `type:value`, normalised; of a profile id the identifier that anchors it */
        readonly identifier: string;
        /** null where only links name it that joined nobody */
        readonly profileId: string | null;
    };
    readonly b: {
        /** `type:value`, normalised; of a profile id the identifier that anchors it */
        readonly identifier: string;
        /** null where only links name it that joined nobody */
        readonly profileId: string | null;
    };
    readonly samePerson: boolean;
    /** links that lead from a to b, the fewest; empty where they are two people */
    readonly path: readonly {
        readonly a: string;
        readonly b: string;
        /** `must`, `deterministic`, `probabilistic`: the stronger joins first */
        readonly class: string;
        /** `link`: the two came in one interaction; `must`: somebody decided so; `linkage`: by probability */
        readonly rule: string;
        readonly first: {
            /** ISO 8601, UTC */
            readonly at: string;
            /** the event, or the directive; null where it is not known */
            readonly messageId: string | null;
        };
        readonly last: {
            /** ISO 8601, UTC */
            readonly at: string;
            /** the event, or the directive; null where it is not known */
            readonly messageId: string | null;
        };
        readonly sources: readonly string[];
        /** of a link by probability: log2 of the odds */
        readonly weight: number | null;
        /** of such a link: bits by field; else null */
        readonly waterfall: unknown;
    }[];
    /** links between the two people that joined them not; where there are none, those around them. Those of the two identifiers first, then the strongest */
    readonly rejected: readonly {
        readonly a: string;
        readonly b: string;
        /** `must`, `deterministic`, `probabilistic`: the stronger joins first */
        readonly class: string;
        /** `link`: the two came in one interaction; `must`: somebody decided so; `linkage`: by probability */
        readonly rule: string;
        readonly first: {
            /** ISO 8601, UTC */
            readonly at: string;
            /** the event, or the directive; null where it is not known */
            readonly messageId: string | null;
        };
        readonly last: {
            /** ISO 8601, UTC */
            readonly at: string;
            /** the event, or the directive; null where it is not known */
            readonly messageId: string | null;
        };
        readonly sources: readonly string[];
        /** of a link by probability: log2 of the odds */
        readonly weight: number | null;
        /** of such a link: bits by field; else null */
        readonly waterfall: unknown;
        /** `limit:<type>`, `hub:<identifier>`, `cannot:<a>|<b>`, `oversize`, `guard` */
        readonly reason: string;
        /** the same in words */
        readonly why: string;
    }[];
    /** what people decided that has to do with it: of the two identifiers first, then newest first */
    readonly decisions: readonly {
        /** of the directive */
        readonly id: string;
        /** must, unlink, revoke, split, review */
        readonly kind: string;
        /** what it says of the pair: must, cannot, revoke; of a source: revoke */
        readonly verb: string;
        readonly a: string | null;
        readonly b: string | null;
        /** of a source that is revoked; a and b are null */
        readonly source: string | null;
        /** ISO 8601, UTC */
        readonly issuedAt: string;
        readonly actor: string;
        readonly reason: string;
    }[];
    /** a pair of records of the two that waits for somebody to decide (`GET /v1/reviews/{id}`) */
    readonly review: {
        readonly id: string;
        readonly a: string;
        readonly b: string;
        readonly probability: number;
    } | null;
    /** sources that saw one of the two, and count as never seen */
    readonly revokedSources: readonly string[];
};

/** what a score rests on: a row of view `model_registry` */
export type Fit = {
    readonly model: string;
    /** of the purchases; empty where money is no matter */
    readonly currency: string;
    /** first day that was learnt from */
    readonly from: string | null;
    /** last day */
    readonly until: string | null;
    /** how many were learnt from */
    readonly customers: number;
    /** what the model was worth on days that it had not seen */
    readonly heldOut: {
        /** last day that these figures were learnt from; null where nothing was held out */
        readonly from: string | null;
        /** days after it that were foretold */
        readonly days: number;
        /** by name: actual, predicted, mae, auc, slope … */
        readonly figures: {
            readonly [key: string]: number;
        };
    };
};

export type FoundProfile = {
    readonly id: string;
    readonly version: number;
    readonly traits: {
        readonly [key: string]: unknown;
    };
    readonly identifiers: readonly {
        readonly type: string;
        readonly value: string;
    }[];
    readonly interactions: number;
    readonly firstSeen: string | null;
    readonly lastSeen: string | null;
};

export type FoundProfiles = {
    /** last changed first */
    readonly profiles: readonly FoundProfile[];
    readonly cursor: string | null;
};
/**
 * @example {
 *       "userId": "ann",
 *       "groupId": "acme",
 *       "traits": {
 *         "name": "Acme"
 *       }
 *     }
 */

export type Group = {
    /** the same id again adds nothing; without one it is a hash of the event’s bytes */
    readonly messageId?: string;
    /** who it is, in the caller’s own system */
    readonly userId?: string | number | null;
    /** whom the caller knows by a cookie or an installation only */
    readonly anonymousId?: string | number | null;
    /** ISO 8601, or seconds or milliseconds since 1970 */
    readonly timestamp?: string | number | null;
    /** ISO 8601, or seconds or milliseconds since 1970 */
    readonly sentAt?: string | number | null;
    /** where and with what it happened */
    readonly context?: {
        /** facts about the person */
        readonly traits?: {
            readonly [key: string]: unknown;
        };
        /** further identifiers of the person */
        readonly externalIds?: readonly ({
            readonly id: string;
            /** user_id, loyalty_card, email, phone, device_id, anonymous_id, address, or one that kenal.yaml declares */
            readonly type: string;
            /** users (default); others name no person */
            readonly collection?: string;
        } & {
            readonly [key: string]: unknown;
        })[];
        readonly device?: {
            readonly id?: string;
            readonly advertisingId?: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly campaign?: {
            readonly [key: string]: unknown;
        };
        readonly consent?: {
            readonly [key: string]: unknown;
        };
    } & {
        readonly [key: string]: unknown;
    };
    /** the write key, where it stands in no header */
    readonly writeKey?: string;
    /** company; it links no two people */
    readonly groupId: string | number;
    /** facts about the company */
    readonly traits?: {
        readonly [key: string]: unknown;
    };
} & {
    readonly [key: string]: unknown;
};
/**
 * @example {
 *       "userId": "ann",
 *       "traits": {
 *         "email": "ann@example.com",
 *         "name": "Ann"
 *       }
 *     }
 */

export type Identify = {
    /** the same id again adds nothing; without one it is a hash of the event’s bytes */
    readonly messageId?: string;
    /** who it is, in the caller’s own system */
    readonly userId?: string | number | null;
    /** whom the caller knows by a cookie or an installation only */
    readonly anonymousId?: string | number | null;
    /** ISO 8601, or seconds or milliseconds since 1970 */
    readonly timestamp?: string | number | null;
    /** ISO 8601, or seconds or milliseconds since 1970 */
    readonly sentAt?: string | number | null;
    /** where and with what it happened */
    readonly context?: {
        /** facts about the person */
        readonly traits?: {
            readonly [key: string]: unknown;
        };
        /** further identifiers of the person */
        readonly externalIds?: readonly ({
            readonly id: string;
            /** user_id, loyalty_card, email, phone, device_id, anonymous_id, address, or one that kenal.yaml declares */
            readonly type: string;
            /** users (default); others name no person */
            readonly collection?: string;
        } & {
            readonly [key: string]: unknown;
        })[];
        readonly device?: {
            readonly id?: string;
            readonly advertisingId?: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly campaign?: {
            readonly [key: string]: unknown;
        };
        readonly consent?: {
            readonly [key: string]: unknown;
        };
    } & {
        readonly [key: string]: unknown;
    };
    /** the write key, where it stands in no header */
    readonly writeKey?: string;
    /** facts about the person */
    readonly traits?: {
        readonly [key: string]: unknown;
    };
} & {
    readonly [key: string]: unknown;
};

export type Interaction = {
    /** message id, unique within its source */
    readonly id: string;
    readonly source: string;
    readonly channel: string;
    readonly direction: string;
    readonly type: string;
    readonly name: string | null;
    /** ISO 8601, UTC */
    readonly occurredAt: string;
    /** ISO 8601, UTC */
    readonly receivedAt: string;
    readonly profileId: string | null;
    /** the identifier, `type:value`, by which the interaction belongs to the profile; null in a timeline: it names nobody (a refund) and stands there by its order */
    readonly owner: string | null;
    readonly identifiers: readonly {
        readonly type: string;
        readonly value: string;
    }[];
    readonly actor: {
        readonly kind: string;
        readonly id: string;
        readonly team: string | null;
    } | null;
    readonly accountId: string | null;
    readonly conversationId: string | null;
    readonly caseId: string | null;
    readonly sessionId: string | null;
    readonly campaignId: string | null;
    readonly orderId: string | null;
    /** decimal as text */
    readonly amount: string | null;
    readonly currency: string | null;
    readonly traits: {
        readonly [key: string]: unknown;
    };
    readonly properties: {
        readonly [key: string]: unknown;
    };
    readonly context: {
        readonly [key: string]: unknown;
    };
};

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | {
    readonly [key: string]: JsonValue;
};

export type Order = {
    readonly id: string;
    readonly source: string;
    /** today’s profile of who ordered */
    readonly profileId: string | null;
    /** ISO 8601, UTC */
    readonly orderedAt: string;
    /** completed, partially_refunded, refunded, returned, cancelled */
    readonly status: string;
    /** decimal as text; null where it is not known */
    readonly total: string | null;
    /** decimal as text; null where it is not known */
    readonly refunded: string | null;
    /** decimal as text; null where it is not known */
    readonly net: string | null;
    readonly currency: string | null;
    /** what of its amounts could not be read */
    readonly faults: readonly string[];
    readonly lines: readonly {
        readonly line: number;
        readonly itemId: string;
        readonly name: string | null;
        readonly category: string | null;
        /** negative where they came back */
        readonly quantity: string | null;
        /** decimal as text; null where it is not known */
        readonly price: string | null;
        /** decimal as text; null where it is not known */
        readonly amount: string | null;
        readonly currency: string | null;
        /** ISO 8601, UTC */
        readonly occurredAt: string;
    }[];
};

export type Orders = {
    /** profile */
    readonly id: string;
    /** newest first */
    readonly orders: readonly Order[];
    /** give it back for the next page; null on the last one */
    readonly cursor: string | null;
};

/** opens the data of one person, for a short time; kept nowhere */
export type OwnToken = {
    /** send it as a key: Authorization: Bearer, and ask for /v1/profiles/me */
    readonly token: string;
    /** ISO 8601, UTC */
    readonly expiresAt: string;
    /** the profile */
    readonly id: string;
};
/**
 * @example {
 *       "anonymousId": "c1",
 *       "name": "Teapots",
 *       "properties": {
 *         "path": "/teapots"
 *       }
 *     }
 */

export type Page = {
    /** the same id again adds nothing; without one it is a hash of the event’s bytes */
    readonly messageId?: string;
    /** who it is, in the caller’s own system */
    readonly userId?: string | number | null;
    /** whom the caller knows by a cookie or an installation only */
    readonly anonymousId?: string | number | null;
    /** ISO 8601, or seconds or milliseconds since 1970 */
    readonly timestamp?: string | number | null;
    /** ISO 8601, or seconds or milliseconds since 1970 */
    readonly sentAt?: string | number | null;
    /** where and with what it happened */
    readonly context?: {
        /** facts about the person */
        readonly traits?: {
            readonly [key: string]: unknown;
        };
        /** further identifiers of the person */
        readonly externalIds?: readonly ({
            readonly id: string;
            /** user_id, loyalty_card, email, phone, device_id, anonymous_id, address, or one that kenal.yaml declares */
            readonly type: string;
            /** users (default); others name no person */
            readonly collection?: string;
        } & {
            readonly [key: string]: unknown;
        })[];
        readonly device?: {
            readonly id?: string;
            readonly advertisingId?: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly campaign?: {
            readonly [key: string]: unknown;
        };
        readonly consent?: {
            readonly [key: string]: unknown;
        };
    } & {
        readonly [key: string]: unknown;
    };
    /** the write key, where it stands in no header */
    readonly writeKey?: string;
    readonly name?: string;
    readonly properties?: {
        readonly [key: string]: unknown;
    };
} & {
    readonly [key: string]: unknown;
};

export type Profile = {
    /** today’s profile id; may differ from the one that was asked for */
    readonly id: string;
    /** profile ids of before that lead here */
    readonly aliases: readonly string[];
    readonly workspace: string;
    /** strictly increasing, with gaps; counts all changes, also of what is not shown */
    readonly version: number;
    readonly traits: {
        readonly [key: string]: unknown;
    };
    /** purpose → granted, the last word on each; a purpose of which nothing was said is not in it */
    readonly consent: {
        readonly [key: string]: boolean;
    };
    /** what was computed of the person, by name: `churn.band`, `trait.<name>`, `segment.<name>` (true); `/scores` says when and why */
    readonly computed: {
        readonly [key: string]: unknown;
    };
    readonly quality: ProfileQuality;
    /** strongest first */
    readonly identifiers: readonly ProfileIdentifier[];
    /** ISO 8601, UTC */
    readonly firstSeen: string;
    /** ISO 8601, UTC */
    readonly lastSeen: string;
    /** with `?details=true` */
    readonly traitDetails?: {
        readonly [key: string]: TraitDetail;
    };
    /** with `?details=true`: every value that a trait had, as far as it is at hand; newest first */
    readonly traitHistory?: readonly SaidTrait[];
    /** with `?details=true` */
    readonly refusedLinks?: readonly RefusedLink[];
};

export type ProfileBatch = {
    /** in the order in which they were asked for */
    readonly profiles: readonly {
        /** as it was asked for */
        readonly ref: string;
        readonly profile: Profile | null;
        /** why there is no profile */
        readonly error: {
            readonly code: string;
            readonly message: string;
        } | null;
    }[];
};

export type ProfileIdentifier = {
    readonly type: string;
    readonly value: string;
    /** ISO 8601, UTC */
    readonly firstSeen: string;
    /** ISO 8601, UTC */
    readonly lastSeen: string;
};

export type ProfileIdentifiers = {
    readonly id: string;
    readonly version: number;
    readonly identifiers: readonly ProfileIdentifier[];
};

/** how much is known of what the configuration wants (`traits`; where nothing is required: name, email, phone, address, birthday), and how fresh it is. An identifier of the trait’s name tells it too */
export type ProfileQuality = {
    /** share of the wanted traits that the profile has, 0 to 1 */
    readonly completeness: number;
    /** share of those it has that somebody said within `freshForDays`; null where it has none */
    readonly freshness: number | null;
    /** wanted traits that it has not */
    readonly missing: readonly string[];
    /** wanted traits that it has, said for the last time too long ago */
    readonly stale: readonly string[];
};

export type ProfileScores = {
    readonly id: string;
    readonly version: number;
    /** by name; a segment is here as long as the person is in it */
    readonly scores: {
        readonly [key: string]: Score;
    };
};

export type ProfileTraits = {
    readonly id: string;
    readonly version: number;
    readonly traits: {
        readonly [key: string]: TraitDetail;
    };
    /** with `?history=`: newest first */
    readonly history?: readonly SaidTrait[];
    /** with `?history=full`: for the next page; null on the last one */
    readonly cursor?: string | null;
};

/** a link between two identifiers that stayed two people */
export type RefusedLink = {
    /** identifier of this person, `type:value` */
    readonly own: string;
    /** identifier that was linked with it, and is somebody else’s */
    readonly other: string;
    /** `deterministic`: they came in one event; `probabilistic`: a model found likely that they are one person */
    readonly class: string;
    /** `limit:<type>`, `hub:<identifier>`, `cannot:<a>|<b>`, `oversize`, `guard` */
    readonly reason: string;
    /** the same in words */
    readonly why: string;
    /** of this type one person would have had too many; empty where the reason is another */
    readonly type: string;
    /** how many one person may have (`identity.limits` of the configuration); else 0 */
    readonly limit: number;
};

/** a value that a source gave a trait */
export type SaidTrait = {
    readonly trait: string;
    /** null: the source took the trait away */
    readonly value: unknown;
    readonly source: string;
    /** first event that is known to have said so */
    readonly firstAt: string;
    /** last event that said so */
    readonly lastAt: string;
    /** the event of `lastAt` */
    readonly messageId: string;
    /** it is what the profile shows */
    readonly holds: boolean;
};

/** what was computed of a person: a score, a computed trait, or a segment */
export type Score = {
    readonly value: unknown;
    readonly kind: "score" | "trait" | "segment";
    /** ISO 8601, UTC */
    readonly computedAt: string;
    /** of the model that it comes from (view `model_registry`); empty where none */
    readonly fitId: string;
    /** the same in full; null where there is none, or the warehouse is away */
    readonly fit: Fit | null;
    /** in words; empty where there is nothing to say */
    readonly reason: string;
};

export type Screen = {
    /** the same id again adds nothing; without one it is a hash of the event’s bytes */
    readonly messageId?: string;
    /** who it is, in the caller’s own system */
    readonly userId?: string | number | null;
    /** whom the caller knows by a cookie or an installation only */
    readonly anonymousId?: string | number | null;
    /** ISO 8601, or seconds or milliseconds since 1970 */
    readonly timestamp?: string | number | null;
    /** ISO 8601, or seconds or milliseconds since 1970 */
    readonly sentAt?: string | number | null;
    /** where and with what it happened */
    readonly context?: {
        /** facts about the person */
        readonly traits?: {
            readonly [key: string]: unknown;
        };
        /** further identifiers of the person */
        readonly externalIds?: readonly ({
            readonly id: string;
            /** user_id, loyalty_card, email, phone, device_id, anonymous_id, address, or one that kenal.yaml declares */
            readonly type: string;
            /** users (default); others name no person */
            readonly collection?: string;
        } & {
            readonly [key: string]: unknown;
        })[];
        readonly device?: {
            readonly id?: string;
            readonly advertisingId?: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly campaign?: {
            readonly [key: string]: unknown;
        };
        readonly consent?: {
            readonly [key: string]: unknown;
        };
    } & {
        readonly [key: string]: unknown;
    };
    /** the write key, where it stands in no header */
    readonly writeKey?: string;
    readonly name?: string;
    readonly properties?: {
        readonly [key: string]: unknown;
    };
} & {
    readonly [key: string]: unknown;
};

export type Timeline = {
    /** profile */
    readonly id: string;
    /** newest first */
    readonly interactions: readonly Interaction[];
    /** give it back for the next page; null on the last one */
    readonly cursor: string | null;
};
/**
 * @example {
 *       "userId": "ann",
 *       "event": "Order Completed",
 *       "properties": {
 *         "order_id": "1001",
 *         "total": 27.5,
 *         "currency": "GBP"
 *       }
 *     }
 */

export type Track = {
    /** the same id again adds nothing; without one it is a hash of the event’s bytes */
    readonly messageId?: string;
    /** who it is, in the caller’s own system */
    readonly userId?: string | number | null;
    /** whom the caller knows by a cookie or an installation only */
    readonly anonymousId?: string | number | null;
    /** ISO 8601, or seconds or milliseconds since 1970 */
    readonly timestamp?: string | number | null;
    /** ISO 8601, or seconds or milliseconds since 1970 */
    readonly sentAt?: string | number | null;
    /** where and with what it happened */
    readonly context?: {
        /** facts about the person */
        readonly traits?: {
            readonly [key: string]: unknown;
        };
        /** further identifiers of the person */
        readonly externalIds?: readonly ({
            readonly id: string;
            /** user_id, loyalty_card, email, phone, device_id, anonymous_id, address, or one that kenal.yaml declares */
            readonly type: string;
            /** users (default); others name no person */
            readonly collection?: string;
        } & {
            readonly [key: string]: unknown;
        })[];
        readonly device?: {
            readonly id?: string;
            readonly advertisingId?: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly campaign?: {
            readonly [key: string]: unknown;
        };
        readonly consent?: {
            readonly [key: string]: unknown;
        };
    } & {
        readonly [key: string]: unknown;
    };
    /** the write key, where it stands in no header */
    readonly writeKey?: string;
    /** name of what happened */
    readonly event: string;
    /** facts about the event; `total`, `revenue`, `value` and `currency` are money */
    readonly properties?: {
        readonly [key: string]: unknown;
    };
} & {
    readonly [key: string]: unknown;
};

export type TraitDetail = {
    readonly value: unknown;
    /** source whose word holds */
    readonly source: string;
    /** when it said so */
    readonly at: string;
    /** the event that said so */
    readonly messageId: string;
    /** when any source last said the same */
    readonly confirmedAt: string;
    /**
     * the rule by which it holds (`traits` of the configuration)
     */
    readonly survivorship: "newest" | "oldest" | "longest" | "source_priority";
};
