import { createHmac } from 'node:crypto';
import type { Scope } from './claim.ts';

/** Derived keys by secret and scope: four HMACs saved on each request. */
export interface SigningKeys {
  of(secret: string, scope: Scope): Buffer;
}

/** A server sees a handful of principals and services a day; those used last stay. */
export function createSigningKeys(capacity = 256): SigningKeys {
  const keys = new Map<string, Buffer>();
  return {
    of(secret, scope) {
      const name = JSON.stringify([secret, scope.date, scope.region, scope.service]);
      const key = keys.get(name) ?? deriveKey(secret, scope);
      keys.delete(name);
      keys.set(name, key);
      if (keys.size > capacity) keys.delete(keys.keys().next().value as string);
      return key;
    },
  };
}

function deriveKey(secret: string, { date, region, service }: Scope): Buffer {
  const parts = [date, region, service, 'aws4_request'];
  return parts.reduce((key, part) => createHmac('sha256', key).update(part).digest(), Buffer.from(`AWS4${secret}`));
}
