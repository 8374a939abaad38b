/**
 * `npm run bench [-- NAME…]`: the benchmarks, one after the other, each in a process of its own; all without a name. Figures are ratios
 * within one run; machines differ. $PYTHON names a Python with torch and torchvision, for PyTorch beside ours.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
/** By name: a folder's run.ts, or a file of its own. */
const programs = new Map(readdirSync(folder).flatMap((name) => program(name)));
const known = [...programs.keys()];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}; there are ${known.join(', ')}.\n`);
  process.exit(2);
}

process.stdout.write(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.versions.node}\n`,
);
for (const name of wanted.length > 0 ? wanted : known) {
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(process.execPath, [`${folder}${programs.get(name)}`], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

function program(name: string): [name: string, path: string][] {
  if (existsSync(`${folder}${name}/run.ts`)) return [[name, `${name}/run.ts`]];
  return name.endsWith('.ts') && name !== 'run.ts' ? [[name.slice(0, -3), name]] : [];
}
