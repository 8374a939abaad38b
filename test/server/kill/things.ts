/** Kinds of things that clients change on a server that is killed: how each is changed, and how it is read again. */
import assert from 'node:assert/strict';
import { type Random, seededRandom } from '../../../src/random/index.ts';
import { type Answer, type Caller, element, statement } from '../client.ts';
import type { Content } from './expectations.ts';

export interface Kind {
  /** Makes it, or makes it anew. @throws where the server did not acknowledge it. */
  put(caller: Caller, name: string, content: string): Promise<void>;
  remove(caller: Caller, name: string): Promise<void>;
  /** @throws AssertionError for content that nobody ever put. */
  read(caller: Caller, name: string, candidates: readonly Content[]): Promise<Content>;
}

/** The bytes that go by a name: mostly small, so that blobs in the database and in files both occur. */
export function bytesOf(content: string): Buffer {
  const random: Random = seededRandom(content);
  const size = Math.floor(600_000 * random.next() ** 4);
  const bytes = Buffer.alloc(size, `${content}|`);
  return bytes;
}

function done(answer: Answer, ...also: readonly number[]): Answer {
  assert.ok(answer.status < 300 || also.includes(answer.status), `${answer.status} ${answer.text}`);
  return answer;
}

async function readObject(caller: Caller, name: string, candidates: readonly Content[]): Promise<Content> {
  const answer = await caller.s3('GET', `/bucket/${name}`);
  if (answer.status === 404) return undefined;
  assert.equal(answer.status, 200, answer.text);
  const found = candidates.find((content) => content !== undefined && bytesOf(content).equals(answer.body));
  assert.ok(found !== undefined, `${name}: ${answer.body.length} bytes that nobody put there`);
  return found;
}

const removeObject = async (caller: Caller, name: string): Promise<void> => {
  done(await caller.s3('DELETE', `/bucket/${name}`));
};

const objects: Kind = {
  put: async (caller, name, content) => {
    done(await caller.s3('PUT', `/bucket/${name}`, { body: bytesOf(content) }));
  },
  remove: removeObject,
  read: readObject,
};

/** Objects made of parts: the first of 5 MiB where the content wants several. */
const assembled: Kind = {
  async put(caller, name, content) {
    const target = `/bucket/${name}`;
    const upload = element(done(await caller.s3('POST', `${target}?uploads`)).text, 'UploadId');
    const part = done(await caller.s3('PUT', `${target}?partNumber=1&uploadId=${upload}`, { body: bytesOf(content) }));
    const list = `<Part><PartNumber>1</PartNumber><ETag>${part.headers.etag}</ETag></Part>`;
    const body = `<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`;
    const completed = done(await caller.s3('POST', `${target}?uploadId=${upload}`, { body }));
    assert.match(completed.text, /<CompleteMultipartUploadResult/);
  },
  remove: removeObject,
  read: readObject,
};

const roles: Kind = {
  async put(caller, name, content) {
    const trust = JSON.stringify(statement({ Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }));
    const policy = JSON.stringify(statement({ Action: 's3:GetObject', Resource: `arn:aws:s3:::${content}` }));
    done(await caller.query('iam', { Action: 'CreateRole', RoleName: name, AssumeRolePolicyDocument: trust }), 409);
    done(
      await caller.query('iam', { Action: 'PutRolePolicy', RoleName: name, PolicyName: 'p', PolicyDocument: policy }),
    );
  },
  async remove(caller, name) {
    done(await caller.query('iam', { Action: 'DeleteRolePolicy', RoleName: name, PolicyName: 'p' }), 404);
  },
  async read(caller, name, candidates) {
    const answer = await caller.query('iam', { Action: 'GetRolePolicy', RoleName: name, PolicyName: 'p' });
    if (answer.status === 404) return undefined;
    const document = decodeURIComponent(element(done(answer).text, 'PolicyDocument'));
    const found = candidates.find((content) => content !== undefined && document.includes(`arn:aws:s3:::${content}"`));
    assert.ok(found !== undefined, `${name}: ${document}`);
    return found;
  },
};

/** Batches of three lines; each is its own thing, so nothing is ever replaced. */
const batches: Kind = {
  async put(caller, name, content) {
    const logGroupName = 'group';
    const target = (operation: string): string => `Logs_20140328.${operation}`;
    const logEvents = [1, 2, 3].map((line) => ({ timestamp: Date.now(), message: `${content} ${line}` }));
    const put = await caller.json('logs', target('PutLogEvents'), { logGroupName, logStreamName: name, logEvents });
    done(put);
  },
  remove: async () => {},
  async read(caller, name, candidates) {
    const from = { logGroupName: 'group', logStreamName: name, startFromHead: true };
    const answer = await caller.json('logs', 'Logs_20140328.GetLogEvents', from);
    const { events } = JSON.parse(done(answer).text) as { events: { message: string }[] };
    const lines = events.map(({ message }) => message);
    for (const content of new Set(lines.map((line) => line.split(' ')[0]))) {
      const own = lines.filter((line) => line.startsWith(`${content} `));
      assert.deepEqual(
        own,
        [1, 2, 3].map((line) => `${content} ${line}`),
        `${name}: half a batch`,
      );
    }
    const present = [...candidates].reverse().find((content) => lines.includes(`${content} 1`));
    return present;
  },
};

export const kinds: Readonly<Record<string, Kind>> = { objects, assembled, roles, batches };
