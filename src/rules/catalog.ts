import { checkInputImages } from './debugger/check-input-images.ts';
import { classImbalance } from './debugger/class-imbalance.ts';
import { explodingTensor } from './debugger/exploding-tensor.ts';
import { lossNotDecreasing } from './debugger/loss-not-decreasing.ts';
import { overfit } from './debugger/overfit.ts';
import { overtraining } from './debugger/overtraining.ts';
import { poorWeightInitialization } from './debugger/poor-weight-initialization.ts';
import { stalledTraining } from './debugger/stalled-training.ts';
import { vanishingGradient } from './debugger/vanishing-gradient.ts';
import type { RuleDefinition } from './definition.ts';
import { cpuBottleneck, ioBottleneck } from './profiler/bottleneck.ts';
import { loadBalancing } from './profiler/load-balancing.ts';
import { lowGpuUtilization } from './profiler/low-gpu-utilization.ts';
import { overallSystemUsage } from './profiler/overall-system-usage.ts';
import { profilerReport } from './profiler/profiler-report.ts';
import { stepOutlier } from './profiler/step-outlier.ts';

const profilerRules: readonly RuleDefinition[] = [
  lowGpuUtilization,
  cpuBottleneck,
  ioBottleneck,
  stepOutlier,
  loadBalancing,
  overallSystemUsage,
];

/** The rules that are served, under AWS's names. */
export const ruleCatalog: readonly RuleDefinition[] = [
  vanishingGradient,
  explodingTensor,
  poorWeightInitialization,
  lossNotDecreasing,
  overfit,
  overtraining,
  classImbalance,
  checkInputImages,
  stalledTraining,
  ...profilerRules,
  profilerReport(profilerRules),
];
