/**
 * What a process of the container tells whoever started it: JSON lines on the file descriptor that WHIPPET_EVENTS_FD names.
 * `whippet.instance/1` is additive: new types and members may appear, none change.
 */
import type { EngineEvent } from '../engine/index.ts';
import type { Finding, RuleStatus } from '../rules/index.ts';

export const instanceProtocol = 'whippet.instance/1';

export type InstanceEvent =
  /** First of all, within 30 seconds. */
  | { readonly type: 'hello'; readonly protocol: string; readonly version: string; readonly pid: number }
  /** What goes on: `reading`, `extracting`, `training`, `saving`. */
  | { readonly type: 'phase'; readonly phase: InstancePhase }
  | { readonly type: 'engine'; readonly event: EngineEvent }
  | {
      readonly type: 'rule';
      readonly configuration: string;
      readonly status: RuleStatus;
      /** StatusDetails: the newest finding in words. */
      readonly details?: string;
      readonly findings: readonly Finding[];
    }
  /** A checkpoint is whole in the checkpoint folder. */
  | { readonly type: 'checkpoint'; readonly epoch: number }
  /** `train` with WHIPPET_WARM only: the job has ended with this exit code, and the next may come. */
  | { readonly type: 'ended'; readonly code: number }
  /** `serve` only: it answers here. */
  | { readonly type: 'serving'; readonly address: string };

export type InstancePhase = 'reading' | 'extracting' | 'training' | 'saving';
