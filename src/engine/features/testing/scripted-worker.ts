/**
 * Speaks the protocol of a worker and does what the names of pictures say: `crash` ends the process, `fail` says that no work is
 * possible, `mute` never answers, `slow` answers late. The feature of any other picture is its name's length. The model file decides how it starts.
 */
import type { FromWorker, Outcome, ToWorker } from '../protocol.ts';

process.on('disconnect', () => process.exit());
const tell = (message: FromWorker): void => void process.send?.(message);

process.on('message', (message: ToWorker) => {
  if (message.type === 'setup') {
    if (message.setup.modelFile === 'crash') process.exit(7);
    tell({ type: 'ready' });
    return;
  }
  const names = message.tasks.map(({ name }) => name);
  const late = names.some((name) => name.includes('slow')) ? 30 : 0;
  if (names.some((name) => name.includes('crash'))) {
    setTimeout(() => process.stderr.write('segmentation fault\n', () => process.exit(9)), 3 * late);
    return;
  }
  const error = { code: 'WHIPPET_ONNX_LOAD', message: 'no model', remedy: '' };
  if (names.some((name) => name.includes('fail'))) return tell({ type: 'failed', error });
  if (names.some((name) => name.includes('mute'))) return;
  const outcomes = names.map(
    (): Outcome => ({ facts: { format: 'png', width: 1, height: 1, thumbprint: '0000000000000000' } }),
  );
  const features = Float32Array.from(names, (name) => name.length);
  setTimeout(() => tell({ type: 'unit', id: message.id, outcomes, features }), late);
});
