export { requestTooLarge } from './compression.ts';
export { type Constraints, loadConstraints } from './constraints/constraints.ts';
export { constrainedOperations, type ServedOperation } from './constraints/operations.ts';
export { AwsFault, type FaultOptions } from './fault.ts';
export { decodePercent, parseQuery, type RequestHead, type WireRequest, type WireResponse } from './message.ts';
export {
  loadModel,
  type OperationModel,
  type ServiceFacts,
  type ServiceModel,
  serviceFacts,
} from './model.ts';
export { cborProtocol, cborTarget } from './protocols/cbor.ts';
export { jsonProtocol } from './protocols/json.ts';
export { type AnswerContext, bodyLimit, type Protocol, type WireValue } from './protocols/protocol.ts';
export { queryProtocol } from './protocols/query.ts';
export { restJsonProtocol } from './protocols/rest-json.ts';
export { restXmlProtocol } from './protocols/rest-xml.ts';
export type { ServiceName } from './schemas.ts';
export { type RequestBody, readBody } from './signature/body.ts';
export { type Claim, readSignature } from './signature/claim.ts';
export { createVerifier, type Verified, type Verifier } from './signature/verify.ts';
export { validate } from './validation/validate.ts';
export { wordingOf } from './validation/wording.ts';
