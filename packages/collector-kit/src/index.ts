export { type Acceptor, type AcceptorDeps, createAcceptor } from './acceptor.ts';
export type { BatchAgain } from './again/batch-again.ts';
export type { FailedAgain } from './again/request.ts';
export { mountAgain } from './again/routes.ts';
export { createTrackingAgain } from './again/tracking.ts';
export { type BlobStore, createBlobFolder } from './blobs.ts';
export { attributesIn, type CloudCall, readCall } from './cloudevents/read.ts';
export { toEvent } from './cloudevents/to-event.ts';
export { createEventEncoder, type EventEncoder } from './encode-event.ts';
export { typeOf } from './event/fields.ts';
export { decimalOf } from './event/money.ts';
export { withoutPlacement } from './event/placement.ts';
export { createZone, type Zone } from './event/zone.ts';
export { type Acceptance, batchOf, type EventBatch, type Rejection } from './event-batch.ts';
export { type Fault, faultOf, type Outcome, refused } from './fault.ts';
export { type Admission, createAdmission } from './http/admission.ts';
export { answerAccepted, answerRefused } from './http/answer-events.ts';
export { decodeBody } from './http/decode-body.ts';
export { findKey, openKey, type SentKey } from './http/find-key.ts';
export { pace } from './http/pace.ts';
export { type ParsedBody, parseBody, writeKeyOf } from './json/body.ts';
export { inspect, isRecord, type JsonRecord } from './json/inspect.ts';
export { createKeyring, type KeyAccess, type Keyring } from './keyring.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { signLink, verifyLink } from './links.ts';
export { collectorEnvironment, openCollectorLog } from './open-collector.ts';
export type { EventGroup } from './plan/group.ts';
export { compileGroup } from './plan/plan.ts';
export { readGroup } from './plan/read-group.ts';
export { SHIPPED_GROUPS } from './plan/shipped.ts';
export { createRateLimiter, LEAST_BURST, type RateHolder, type RateLimiter } from './rate-limit.ts';
export { RECORD_COLUMNS, type RecordColumnType } from './records/columns.ts';
export { type RecordFrame, readRecord } from './records/read-record.ts';
export { ENVELOPE, isPersonal } from './records/read-values.ts';
export { readSecrets } from './secrets.ts';
export type { FetchCertificate } from './signature/chain.ts';
export type { SignedRequest } from './signature/request.ts';
export { SCHEMES, type SchemeName } from './signature/schemes.ts';
export { snsAddress } from './signature/sns-url.ts';
export { createVerifier } from './signature/verify.ts';
export { createSource, type Source } from './source.ts';
export {
  createVendorCollector,
  VENDOR_LIMITS,
  type VendorCollector,
  type VendorCollectorDeps,
} from './webhook/collector.ts';
export type { Deliveries } from './webhook/deliveries.ts';
export { type Mapped, NOTHING, required } from './webhook/mapped.ts';
export { type Payload, readForm, readJson } from './webhook/payload.ts';
export { at, contentOf, known, listOf, recordOf, textOf } from './webhook/read.ts';
export { type ReceiveDeps, receive } from './webhook/receive.ts';
export type {
  Delivery,
  EventContext,
  Headers,
  KenalContext,
  KenalEvent,
  Vendor,
  VendorAnswer,
} from './webhook/vendor.ts';
export { VENDOR_PARTS } from './webhook/vendor.ts';
