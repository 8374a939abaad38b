import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { runServe, type ServeFlags } from '../run/serve.ts';
import { share, wholeNumber } from './flags.ts';

export function define(command: Command, context: Context): void {
  const collect = (host: string, hosts: readonly string[]): string[] => [...hosts, host];
  command
    .argument('<model>', 'model folder or model.tar.gz')
    .option('-p, --port <port>', 'TCP port; 0 takes a free one', wholeNumber(0, 65535), 8080)
    .option('--host <address>', 'address to listen on; 0.0.0.0 is every one', '127.0.0.1')
    .option('--queue <n>', 'pictures that may wait before callers get 503', wholeNumber(1, 100_000), 256)
    .option('--timeout <seconds>', 'limit of one invocation', share(0.001, 3600), 60)
    .option('--max-body <megabytes>', 'largest request body', share(0.001, 1024), 25)
    .option('--url-allow <host[:port]>', 'let {"url": …} reach this host although its address is private', collect, [])
    .option('--threads <n>', 'threads of ONNX Runtime (default: one per core)', wholeNumber(1, 256))
    .option('--quiet', 'no access log')
    .addHelpText('after', examples)
    .action((model: string, flags: ServeFlags) => runServe(model, flags, context));
}

const examples = `
Examples:
  whippet serve model/ --port 8080
  curl -s localhost:8080/invocations \\
    -H 'Content-Type: image/jpeg' --data-binary @photo.jpg
  curl -s localhost:8080/invocations -H 'Accept: application/vnd.whippet+json' \\
    -H 'Content-Type: image/jpeg' --data-binary @photo.jpg
  curl -s localhost:8080/invocations -H 'Content-Type: application/json' \\
    -d '{"url": "https://example.com/dog.jpg"}'
`;
