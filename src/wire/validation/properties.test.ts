import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Constraints, loadConstraints } from '../constraints/constraints.ts';
import type { AwsFault } from '../fault.ts';
import type { ServiceName } from '../schemas.ts';
import { inspect } from './inspect.ts';
import { breakages, withBreakage } from './testing/breakages.ts';
import { shapeOf, textsFor } from './testing/texts.ts';
import { validate } from './validate.ts';
import { wordingOf } from './wording.ts';

const protocols = {
  s3: 'rest-xml',
  sts: 'query',
  iam: 'query',
  logs: 'json-1.1',
  cloudwatch: 'rpc-v2-cbor',
  sagemaker: 'json-1.1',
} as const;

for (const service of Object.keys(protocols) as ServiceName[]) {
  const constraints = loadConstraints(service);
  const operations = Object.entries(constraints.operations).flatMap(([operation, { input, streaming }]) =>
    input === undefined ? [] : [{ operation, input, streaming }],
  );
  const wording = wordingOf(service, protocols[service]);
  const calls = fc.constantFrom(...operations).chain(({ operation, input, streaming }) =>
    admitted(input, constraints).map((value) => {
      const { [streaming ?? '']: _body, ...members } = value as Record<string, unknown>;
      return { operation, shape: input, value: members };
    }),
  );

  test(`${service}: what the model admits passes unchanged`, () => {
    fc.assert(
      fc.property(calls, ({ operation, value }) => {
        assert.equal(validate(value, { operation, constraints, wording }), value);
      }),
      { numRuns: 200 },
    );
  });

  test(`${service}: one breakage is found where it is, and named`, () => {
    const rules = new Set<string>();
    const broken = calls
      .map((call) => ({ ...call, all: breakages(call.value, call.shape, constraints) }))
      .filter(({ all }) => all.length > 0)
      .chain((call) => fc.record({ call: fc.constant(call), breakage: fc.constantFrom(...call.all) }));
    fc.assert(
      fc.property(broken, ({ call: { operation, value }, breakage }) => {
        rules.add(breakage.rule);
        const input = withBreakage(value, breakage);
        const { violations, mismatch } = inspect(input, { operation, constraints });
        assert.equal(mismatch, undefined);
        assert.ok(
          violations.some(({ broken }) => broken.rule === breakage.rule),
          'the rule is found',
        );
        for (const violation of violations) assert.deepEqual(violation.path, breakage.path, 'nothing else is');
        const told = violations.filter((violation) => wording.enforces?.(violation) ?? true);
        if (told.length === 0) return;
        assert.throws(
          () => validate(input, { operation, constraints, wording }),
          (fault: AwsFault) => fault.status === 400 && (service === 's3' || names(fault.message, breakage.path)),
        );
      }),
      { numRuns: 300 },
    );
    assert.ok(rules.size >= 3, [...rules].join());
  });
}

/** Whether the message names the member, or the list or map that the value is in, in either spelling. */
function names(message: string, path: readonly (string | number)[]): boolean {
  const [member = '', holder = ''] = path.filter((step): step is string => typeof step === 'string').toReversed();
  const text = message.toLowerCase();
  return text.includes(member.toLowerCase()) || (holder !== '' && text.includes(holder.toLowerCase()));
}

/** Any value that the shape admits. Made from the table alone, so that it shares no mistake with what it tests. */
function admitted(shapeName: string, constraints: Constraints): fc.Arbitrary<unknown> {
  const shape = shapeOf(shapeName, constraints);
  switch (shape.type) {
    case 'structure':
      return fc.record(
        Object.fromEntries(
          Object.entries(shape.members ?? {}).map(([name, member]) => [name, admitted(member, constraints)]),
        ),
        { requiredKeys: [...(shape.required ?? [])] },
      );
    case 'list': {
      const minLength = shape.min ?? 0;
      return fc.array(admitted(shape.member as string, constraints), {
        minLength,
        maxLength: Math.min(minLength + 3, shape.max ?? Number.POSITIVE_INFINITY),
      });
    }
    case 'map': {
      const minKeys = shape.min ?? 0;
      const key = admitted(shape.key as string, constraints) as fc.Arbitrary<string>;
      return fc.dictionary(key, admitted(shape.value as string, constraints), { minKeys, maxKeys: shape.max ?? 5 });
    }
    case 'string':
      return fc.constantFrom(...(shape.enum ?? textsFor(shape)));
    case 'integer':
    case 'long':
      return fc.integer({ min: shape.min ?? -5, max: shape.max ?? 1_000_000 });
    case 'float':
    case 'double':
      return fc.double();
    case 'boolean':
      return fc.boolean();
    case 'timestamp':
      return fc.date({ noInvalidDate: true });
    case 'blob':
      return fc.uint8Array({ maxLength: 8 });
  }
}
