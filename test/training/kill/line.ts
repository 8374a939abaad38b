/** Calls to a server that may be killed under them. */
import { type Aws, connectTo, type Endpoint } from '../driver.ts';

export interface Line {
  /** Asks the server that there is, or the next one where it is killed meanwhile. @throws what AWS's clients throw. */
  call<Answer>(work: (aws: Aws) => Promise<Answer>): Promise<Answer>;
  /** As above for what makes something under a name: the answer of one that was killed may be that of its successor. */
  create(work: (aws: Aws) => Promise<unknown>): Promise<void>;
  connect(endpoint: Endpoint): void;
  /** The server is about to be killed. */
  cut(): void;
}

export function openLine(): Line {
  let next = pending<Aws>();
  let current: Aws | undefined;
  const attempt = async <Answer>(work: (aws: Aws) => Promise<Answer>, onBroken = () => {}): Promise<Answer> => {
    for (;;) {
      const aws = await next.promise;
      try {
        return await work(aws);
      } catch (error) {
        // Where nobody killed it, the server ended by itself.
        if (isAnswer(error) || aws === current) throw error;
        onBroken();
      }
    }
  };
  return {
    call: (work) => attempt(work),
    async create(work) {
      let isBroken = false;
      try {
        await attempt(work, () => {
          isBroken = true;
        });
      } catch (error) {
        if (!isBroken || !/already exist/i.test(String((error as Error).message))) throw error;
      }
    },
    connect(endpoint) {
      current = connectTo(endpoint);
      next.resolve(current);
    },
    cut() {
      current?.close();
      current = undefined;
      next = pending();
    },
  };
}

/** Whether a server has said so, and not a broken connection. */
function isAnswer(error: unknown): boolean {
  const { $metadata: { httpStatusCode } = {} } = error as { $metadata?: { httpStatusCode?: number } };
  return httpStatusCode !== undefined;
}

function pending<Value>() {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((keep) => {
    resolve = keep;
  });
  return { promise, resolve };
}
