/** Views that can be asked, with what one row of each is. */
export const TABLES_SQL =
  "SELECT name, comment FROM system.tables WHERE database = 'kenal' AND name LIKE {pattern:String} ORDER BY name";

/** Columns of a view, with what each means. */
export const COLUMNS_SQL =
  "SELECT name, type, comment FROM system.columns WHERE database = 'kenal' AND table = {view:String} ORDER BY position";
