/**
 * Milliseconds that ProfilingIntervalInMilliseconds can be; AWS's default is 500.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProfilerConfig.html
 */
export const samplingIntervals: readonly number[] = [100, 200, 500, 1000, 5000, 60_000];
