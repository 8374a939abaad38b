/** A server to be killed. Argument: its state. Prints its address and key as one line of JSON. */
import { startServer } from '../../../src/server/index.ts';

const { url, credentials } = await startServer({ port: 0, state: process.argv[2] ?? '' });
process.stdout.write(`${JSON.stringify({ url, credentials })}\n`);
