/** The host that leads: the first by code points, as SageMaker's own `algo-1` is of up to nine. */
export function leaderOf(hosts: readonly string[]): string {
  const [first] = [...hosts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  if (first === undefined) throw new Error('a job has at least one host');
  return first;
}
