/**
 * A policy document that AWS refuses. The message is AWS's own; the service that was given the document answers with its code
 * (`MalformedPolicyDocument` of IAM and STS, `MalformedPolicy` of S3).
 */
export class MalformedPolicy extends Error {
  override readonly name = 'MalformedPolicy';
}
