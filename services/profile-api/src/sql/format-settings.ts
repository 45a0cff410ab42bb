// Each was looked at: it changes how the values of an answer are spelled, and neither opens a file or an address nor shows what
// the engine keeps beside the values. A setting that a later engine adds is closed until somebody looks. Not here, beside
// `schema` (writes a file) and `avro_confluent_subject` (calls out): sizes of images, dictionaries, pages and batches, which
// only cost memory.
const OPEN: Readonly<Record<string, readonly string[]>> = {
  arrow: ['compression_method', 'date_as_uint16', 'fixed_string_as_fixed_byte_array', 'string_as_string'],
  avro: ['codec', 'string_column_pattern'],
  binary: ['encode_types_in_binary_format', 'write_json_as_string'],
  bson: ['string_as_string'],
  csv: ['crlf_end_of_line', 'header_serialize_tuple_into_separate_columns', 'serialize_tuple_into_separate_columns'],
  json: [
    ...['array_of_rows', 'escape_forward_slashes', 'map_as_array_of_tuples', 'named_tuples_as_objects', 'pretty_print'],
    ...['quote_64bit_floats', 'quote_64bit_integers', 'quote_decimals', 'quote_denormals'],
    ...['skip_null_value_in_named_tuples', 'validate_utf8'],
  ],
  markdown: ['escape_special_characters'],
  msgpack: ['uuid_representation'],
  native: ['encode_types_in_binary_format'],
  orc: ['compression_method', 'string_as_string', 'writer_time_zone_name'],
  parquet: [
    ...['compliant_nested_types', 'compression_method', 'date_as_uint16', 'datetime_as_uint32', 'enum_as_byte_array'],
    ...['fixed_string_as_fixed_byte_array', 'string_as_string', 'version'],
  ],
  pretty: [
    ...['color', 'display_footer_column_names', 'fallback_to_vertical', 'glue_chunks', 'grid_charset'],
    ...['highlight_digit_groups', 'highlight_trailing_spaces', 'max_column_pad_width', 'max_rows', 'max_value_width'],
    ...['max_value_width_apply_for_single_value', 'multiline_fields', 'named_tuples_as_json', 'row_numbers'],
    ...['single_large_number_tip_threshold', 'use_nbsp_for_padding'],
  ],
  sql: ['insert_include_column_names', 'insert_quote_names', 'insert_table_name', 'insert_use_replace'],
  tsv: ['crlf_end_of_line'],
  values: ['escape_quote_with_quote'],
};
const OF_ALL = [
  ...[
    'always_write_decimal_point_in_float_and_decimal',
    'compression_level',
    'decimal_trailing_zeros',
    'enable_streaming',
  ],
  ...['float_precision', 'parallel_formatting', 'trim_fixed_string'],
];

/** Settings of output formats that a reader may set. */
export const FORMAT_SETTINGS: readonly string[] = [
  ...OF_ALL,
  ...Object.entries(OPEN).flatMap(([format, names]) => names.map((name) => `${format}_${name}`)),
].map((name) => `output_format_${name}`);

/**
 * What every statement of a reader runs with. The views' own condition (whose rows they show) is a step of its own before the
 * reader's: moved into PREWHERE, merged into one filter, or made a filter of a join's other side, the reader's would look at
 * rows of other workspaces, too, and a function that fails tells the value at which it failed. A column of a view still carries what its block had before the rows of other
 * workspaces were taken out: the dictionary of a LowCardinality, the paths of a JSON. Text formats never write that; these
 * settings keep Arrow, Native and Buffers from writing it, and JSON and XML from telling how many rows were looked at. (Casting in the views instead would read and hash each value again.)
 */
export const PINNED: Readonly<Record<string, string>> = {
  optimize_move_to_prewhere: '0',
  query_plan_merge_filters: '0',
  enable_join_runtime_filters: '0',
  output_format_arrow_low_cardinality_as_dictionary: '0',
  output_format_native_write_json_as_string: '1',
  output_format_write_statistics: '0',
  output_format_native_use_flattened_dynamic_and_json_serialization: '0',
};
