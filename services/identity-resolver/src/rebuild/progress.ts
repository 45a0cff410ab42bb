/** How far a rebuild is. */
export interface RebuildProgress {
  readonly workspace: string;
  /**
   * What it does: `ordering` rows in the warehouse, `deciding` who is who, giving rows their `owners` of today, `comparing`
   * with what was published, `telling` what differs.
   */
  readonly phase: 'ordering' | 'deciding' | 'owners' | 'comparing' | 'telling';
  readonly done: number;
  /** 0 where it is not known. */
  readonly total: number;
}

/** What came of the rebuild of one workspace. */
export interface RebuiltWorkspace {
  readonly workspace: string;
  /** Interactions of the warehouse that say something about who is who. */
  readonly interactions: number;
  /** Of these, whose row had another owner, or other valid identifiers, than today's rules find. */
  readonly owned: number;
  /** Profiles that were ever published. */
  readonly published: number;
  /** Changes that subscribers are told of: what is not as it was published. */
  readonly told: number;
  readonly seconds: number;
}
