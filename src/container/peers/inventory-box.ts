import type { HostInventory } from '../../engine/index.ts';
import { inventoryCollector } from './inventory-pieces.ts';

/** Where the inventories of the other hosts come together. */
export interface InventoryBox {
  /** Takes a piece. @throws Error that says what is wrong with it */
  take(host: string, piece: Buffer, last: boolean): void;
  /** Resolves, in the order of the hosts, when all are there. */
  readonly all: Promise<readonly HostInventory[]>;
}

export function openInventoryBox(hosts: readonly string[]): InventoryBox {
  const collectors = new Map(hosts.map((host) => [host, inventoryCollector()]));
  const found = new Map<string, HostInventory>();
  let finish = (): void => {};
  const all = new Promise<readonly HostInventory[]>((resolve) => {
    finish = () => resolve(hosts.map((host) => found.get(host) as HostInventory));
  });
  if (hosts.length === 0) finish();
  return {
    take(host, piece, last) {
      const collect = collectors.get(host);
      if (!collect) throw new Error('it sent its inventory twice');
      const inventory = collect(piece, last);
      if (!inventory) return;
      collectors.delete(host);
      found.set(host, { host, inventory });
      if (found.size === hosts.length) finish();
    },
    all,
  };
}
