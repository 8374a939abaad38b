import { listOf, type ParameterDefinition, type Settings } from '../parameter.ts';
import { tensorRegex } from './watched.ts';

/** There is one loss, `losses/loss`, per step of training and per epoch of validation; a pattern can only leave it out. */
export const lossRegex: ParameterDefinition = {
  ...tensorRegex,
  meaning: 'must match losses/loss, the only loss there is',
};

/** Whether `tensor_regex`, if given, leaves the loss in. */
export function matchesLoss(settings: Settings): boolean {
  const patterns = listOf(settings, 'tensor_regex');
  return patterns.length === 0 || patterns.some((pattern) => new RegExp(pattern).test('losses/loss'));
}
