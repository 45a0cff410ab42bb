/** One line of the error catalogue: what a person reads, whether trying again can help, what HTTP says. */
export interface CatalogueEntry {
  /** Constant sentence; the particulars of one case go into `KenalError.detail`. */
  readonly message: string;
  /** True where the same call may succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** HTTP status of an answer that carries this error. */
  readonly status: number;
}

/**
 * Every error that Kenal shows to a client, an operator or a failed event.
 * README.md of this package lists the same codes; a test keeps the two equal in both directions.
 */
export const CATALOGUE = {
  // What a client sent
  bad_json: { message: 'the body is not valid JSON', retryable: false, status: 400 },
  bad_body: { message: 'the body does not have the expected form', retryable: false, status: 400 },
  bad_encoding: { message: 'the body could not be decoded', retryable: false, status: 400 },
  packed_body: { message: 'the body must not be packed here', retryable: false, status: 415 },
  bad_query: { message: 'the request is not valid', retryable: false, status: 400 },
  unknown_key: { message: 'the key is unknown', retryable: false, status: 401 },
  signature_missing: {
    message: 'the request is not signed; switch signing on at the sender',
    retryable: false,
    status: 401,
  },
  signature_invalid: {
    message: 'the signature is not right; check that both sides have the same secret',
    retryable: false,
    status: 401,
  },
  signature_stale: {
    message: 'the signature is from another time; check the clocks of both sides',
    retryable: false,
    status: 401,
  },
  signature_reused: {
    message: 'the signature was used for another body; sign each request anew',
    retryable: false,
    status: 401,
  },
  forbidden: { message: 'the key may not do this', retryable: false, status: 403 },
  in_configuration: { message: 'it is not changed here', retryable: false, status: 403 },
  not_found: { message: 'not found', retryable: false, status: 404 },
  bad_directive: { message: 'this cannot be decided', retryable: false, status: 422 },
  ambiguous: { message: 'several are meant; say which one', retryable: false, status: 409 },
  name_taken: { message: 'there is one of this name', retryable: false, status: 409 },
  no_signing_key: { message: 'nothing can be signed without a signing key', retryable: false, status: 409 },
  job_not_dead: {
    message: 'only a dead job, or one that waits for its next attempt, is retried',
    retryable: false,
    status: 409,
  },
  no_erasure_key: { message: 'nobody can be erased without an erasure key', retryable: false, status: 409 },
  body_too_large: { message: 'the body is over the limit', retryable: false, status: 413 },
  headers_too_large: { message: 'the request line and headers are over the limit', retryable: false, status: 431 },
  request_timeout: { message: 'the request took too long to arrive', retryable: true, status: 408 },
  cut_off: { message: 'the connection ended before all of it came', retryable: true, status: 400 },
  cursor_gone: { message: 'what follows the cursor is there no more', retryable: false, status: 410 },
  too_many_streams: { message: 'too many streams are open; try again later', retryable: true, status: 429 },
  rate_limited: { message: 'too many events for this key; try again later', retryable: true, status: 429 },
  overloaded: { message: 'the server is too busy; try again later', retryable: true, status: 503 },
  log_unavailable: { message: 'the event log does not take events now; try again later', retryable: true, status: 503 },
  unavailable: { message: 'a service that this answer needs does not answer now', retryable: true, status: 503 },
  draining: { message: 'the server is stopping; try again on another', retryable: true, status: 503 },
  internal: { message: 'an unexpected fault, kept in the server log', retryable: true, status: 500 },
  // Why one event was refused (they become failed events)
  event_not_object: { message: 'an event must be a JSON object', retryable: false, status: 400 },
  event_too_large: { message: 'the event is over the size limit', retryable: false, status: 400 },
  event_too_many_keys: { message: 'the event has too many keys', retryable: false, status: 400 },
  event_too_deep: { message: 'the event is nested too deeply', retryable: false, status: 400 },
  event_forbidden_key: { message: 'the event has a key that is refused', retryable: false, status: 400 },
  event_bad_type: { message: 'the event type is unknown', retryable: false, status: 400 },
  event_bad_field: { message: 'a field of the event has a wrong form', retryable: false, status: 400 },
  event_missing_field: { message: 'a field that this event type needs is missing', retryable: false, status: 400 },
  event_bad_time: { message: 'a time of the event cannot be read', retryable: false, status: 400 },
  event_in_future: { message: 'the event time lies too far in the future', retryable: false, status: 400 },
  event_off_plan: { message: 'the event is not as the plan of its source has it', retryable: false, status: 400 },
  event_undecodable: { message: 'a log record could not be decoded', retryable: false, status: 422 },
  event_erased: { message: 'an identifier of the event was erased after it happened', retryable: false, status: 422 },
  event_unresolvable: { message: 'the identity resolver could not process the event', retryable: false, status: 422 },
  event_unstorable: { message: 'the warehouse refused the row for its content', retryable: false, status: 422 },
  // Why a reference record was refused (nothing of it is kept)
  record_bad_field: { message: 'a field of the record has a wrong form', retryable: false, status: 400 },
  record_missing_field: { message: 'a field that this kind of record needs is missing', retryable: false, status: 400 },
  record_personal: { message: 'a record is kept for ever and may not name a person', retryable: false, status: 400 },
  // SQL
  sql_refused: { message: 'the statement is not allowed here', retryable: false, status: 403 },
  sql_failed: { message: 'the statement failed', retryable: false, status: 400 },
  // What an operator configured or started
  bad_config: { message: 'the configuration is not valid', retryable: false, status: 500 },
  missing_prerequisite: { message: 'something that is needed is not installed', retryable: false, status: 500 },
  port_taken: { message: 'the port that was asked for is taken', retryable: false, status: 500 },
  start_failed: { message: 'a service cannot start', retryable: false, status: 500 },
  job_failed: { message: 'a job came to nothing', retryable: false, status: 500 },
  not_running: { message: 'no running Kenal was found', retryable: false, status: 500 },
  state_not_empty: { message: 'the identity state is not empty', retryable: false, status: 500 },
  still_running: { message: 'something still runs that must not run meanwhile', retryable: false, status: 500 },
  data_damaged: { message: 'a file of the data directory is damaged', retryable: false, status: 500 },
  data_in_use: { message: 'the data directory is in use by another process', retryable: false, status: 500 },
} as const satisfies Record<string, CatalogueEntry>;

/** A code of the catalogue; stable, part of the wire contract. */
export type ErrorCode = keyof typeof CATALOGUE;
