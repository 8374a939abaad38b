/** Something sorted whose first item may not have been looked at yet: its place then is a bound that no item of it comes before. */
export interface Source<Item, Place> {
  readonly bound: Place;
  open(): IterableIterator<Item>;
}

export interface MergeOptions<Item, Place> {
  readonly placeOf: (item: Item) => Place;
  /** Negative where `a` comes first. */
  readonly compare: (a: Place, b: Place) => number;
}

interface Head<Item, Place> {
  place: Place;
  /** undefined: not opened yet. */
  items: IterableIterator<Item> | undefined;
  item: Item | undefined;
  readonly source: Source<Item, Place>;
}

/** The items of all sources in order. Each source is opened when its turn may have come, and closed when whoever reads stops. */
export function* merge<Item, Place>(
  sources: readonly Source<Item, Place>[],
  { placeOf, compare }: MergeOptions<Item, Place>,
): Generator<Item> {
  const heads = createHeap<Head<Item, Place>>((a, b) => compare(a.place, b.place));
  for (const source of sources) heads.push({ place: source.bound, items: undefined, item: undefined, source });
  const opened = new Set<IterableIterator<Item>>();
  try {
    for (let head = heads.pop(); head; head = heads.pop()) {
      if (head.items !== undefined) yield head.item as Item;
      head.items ??= head.source.open();
      opened.add(head.items);
      const next = head.items.next();
      if (next.done) {
        opened.delete(head.items);
        continue;
      }
      head.item = next.value;
      head.place = placeOf(next.value);
      heads.push(head);
    }
  } finally {
    for (const items of opened) items.return?.();
  }
}

/** Binary heap: the smallest element is at the top. */
function createHeap<T>(compare: (a: T, b: T) => number) {
  const elements: T[] = [];
  const isBefore = (a: number, b: number): boolean => compare(elements[a] as T, elements[b] as T) < 0;
  const swap = (a: number, b: number): void => {
    [elements[a], elements[b]] = [elements[b] as T, elements[a] as T];
  };
  return {
    push(element: T): void {
      let at = elements.push(element) - 1;
      for (let parent = (at - 1) >> 1; at > 0 && isBefore(at, parent); parent = (at - 1) >> 1) {
        swap(at, parent);
        at = parent;
      }
    },
    pop(): T | undefined {
      if (elements.length === 0) return undefined;
      swap(0, elements.length - 1);
      const top = elements.pop();
      for (let at = 0; ; ) {
        let smallest = at;
        for (const child of [2 * at + 1, 2 * at + 2]) {
          if (child < elements.length && isBefore(child, smallest)) smallest = child;
        }
        if (smallest === at) return top;
        swap(at, smallest);
        at = smallest;
      }
    },
  };
}
