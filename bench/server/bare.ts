/**
 * A file server on bare node:http that does what S3 has to: hash (MD5 for the ETag, SHA-256 for what was signed), write, sync, and only
 * then show the file under its name. No signatures, rights, listings or metadata.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const folder = process.argv[2]!;

function pathOf({ url = '/' }: IncomingMessage): string {
  return join(folder, encodeURIComponent(url));
}

async function put(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  const part = join(folder, randomUUID());
  const file = await open(part, 'w');
  let writing: Promise<unknown> = Promise.resolve();
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    await writing;
    writing = file.write(chunk);
    md5.update(chunk);
    sha256.update(chunk);
  }
  await writing;
  await file.sync();
  await file.close();
  await rename(part, pathOf(incoming));
  const signed = incoming.headers['x-amz-content-sha256'];
  const holds = signed === undefined || signed === 'UNSIGNED-PAYLOAD' || signed === sha256.digest('hex');
  response.writeHead(holds ? 200 : 400, { ETag: `"${md5.digest('hex')}"`, 'Content-Length': 0 }).end();
}

async function get(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathOf(incoming);
  const { size } = await stat(path);
  response.writeHead(200, { 'Content-Length': size });
  await pipeline(createReadStream(path, { highWaterMark: 256 << 10 }), response);
}

const server = createServer((incoming, response) => {
  const answer = incoming.method === 'PUT' ? put(incoming, response) : get(incoming, response);
  answer.catch(() => response.destroy());
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
