import { userError } from '../../errors/index.ts';

/**
 * What `--device` may be: `cpu`, for now.
 * @throws WHIPPET_BACKBONE_DEVICE for anything else, with what CUDA will need.
 */
export function checkDevice(name: string): 'cpu' {
  if (name === 'cpu') return 'cpu';
  throw userError('WHIPPET_BACKBONE_DEVICE', { device: name });
}
