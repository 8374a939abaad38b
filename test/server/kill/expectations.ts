/** What a server that was killed must have, and what it may have. */

/** Content of a thing by a name that it can be made from again; undefined: the thing is not there. */
export type Content = string | undefined;

export interface Expectations {
  /** A change was asked for: from now on either content is right. */
  begin(thing: string, content: Content): void;
  /** It was acknowledged. */
  confirm(thing: string): void;
  /** What may be found; one content, unless the server ended in between. */
  of(thing: string): readonly Content[];
  /** What was found counts from now on. */
  settle(thing: string, found: Content): void;
  readonly things: Iterable<string>;
  readonly acknowledged: number;
  /** Changes that were begun and not confirmed. */
  readonly open: readonly string[];
}

export function createExpectations(): Expectations {
  const held = new Map<string, Content>();
  const begun = new Map<string, Content>();
  let acknowledged = 0;
  return {
    begin(thing, content) {
      if (!held.has(thing)) held.set(thing, undefined);
      begun.set(thing, content);
    },
    confirm(thing) {
      held.set(thing, begun.get(thing));
      begun.delete(thing);
      acknowledged++;
    },
    of: (thing) => [held.get(thing), ...(begun.has(thing) ? [begun.get(thing)] : [])],
    settle(thing, found) {
      held.set(thing, found);
      begun.delete(thing);
    },
    things: { [Symbol.iterator]: () => held.keys() },
    get acknowledged() {
      return acknowledged;
    },
    get open() {
      return [...begun.keys()];
    },
  };
}
