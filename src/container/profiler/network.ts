import type { ReadProc } from './proc-files.ts';

export interface NetworkBytes {
  readonly received: number;
  readonly sent: number;
}

/** Bytes over all interfaces of this network namespace but the loopback; 0 where there are none. */
export function readNetwork(read: ReadProc): NetworkBytes {
  const total = { received: 0, sent: 0 };
  for (const line of read('net', 'dev')?.split('\n') ?? []) {
    const [, name, numbers] = /^\s*([^:\s]+):\s*(.*)$/.exec(line) ?? [];
    if (!numbers || name === 'lo') continue;
    const fields = numbers.trim().split(/\s+/).map(Number);
    total.received += fields[0] ?? 0;
    total.sent += fields[8] ?? 0;
  }
  return total;
}
