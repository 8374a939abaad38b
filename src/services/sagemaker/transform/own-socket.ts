/** Connections to the socket of an instance, which the instance itself may have replaced by something else. */
import { closeSync, constants, fstatSync, lstatSync, openSync } from 'node:fs';
import { Agent } from 'node:http';
import { createConnection, type Socket } from 'node:net';

/** open(2), which Node does not name: the file itself is held, whatever kind it is, and neither read nor begun. */
const O_PATH = 0o10000000;

/**
 * Sends every request to the socket at this path, over connections that it keeps open. The folder is the instance's to write, and links are
 * followed where this process is: one to a socket that the instance cannot reach would have it speak there for the instance. So a link is
 * refused, at each connection.
 * @param platform Linux knows files by descriptor. Elsewhere the path is looked at and then used, and an instance could change it between
 * both; but there it is not shut in and reaches by itself whatever it could have reached through us.
 */
export function socketAgent(path: string, platform: NodeJS.Platform = process.platform): Agent {
  const agent = new Agent({ keepAlive: true });
  const open = platform === 'linux' ? connectByDescriptor : connectByPath;
  agent.createConnection = (_options, done) => {
    try {
      return open(path);
    } catch (error) {
      done?.(error as Error, undefined as never);
      return undefined;
    }
  };
  return agent;
}

/** What is connected to is the very file that was looked at. */
function connectByDescriptor(path: string): Socket {
  const descriptor = openSync(path, O_PATH | constants.O_NOFOLLOW);
  try {
    requireSocket(fstatSync(descriptor));
    // The call that connects has been made when this returns.
    return createConnection({ path: `/proc/self/fd/${descriptor}` });
  } finally {
    closeSync(descriptor);
  }
}

function connectByPath(path: string): Socket {
  requireSocket(lstatSync(path));
  return createConnection({ path });
}

function requireSocket(file: { isSocket(): boolean }): void {
  if (!file.isSocket()) throw new Error('what lies at the address of the container is no socket');
}
