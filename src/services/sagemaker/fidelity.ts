import type { Fidelity } from '../service.ts';

/** How far SageMaker goes here, for readers of docs/services/sagemaker.md. */
export const fidelity: Fidelity = {
  faithful: [
    'A training job runs the container that also runs on AWS, one process for each instance, with the files, variables and signals of SageMaker’s contract. Every status stands for work that is done.',
    'Jobs read and write S3 with the rights of their role only; creating one needs iam:PassRole.',
    'Channels come from prefixes and manifests, whole (FullyReplicated) or divided (ShardedByS3Key).',
    'Stopping sends SIGTERM, waits up to 120 seconds and keeps the model that the container saves; so does MaxRuntimeInSeconds.',
    'Checkpoints go to CheckpointConfig.S3Uri while the job runs, and a job with the same URI goes on from them.',
    'TrainingTimeInSeconds is from the download to the upload; BillableTimeInSeconds is that of one instance, and the bill multiplies it by InstanceCount.',
  ],
  missing: [
    'Images other than Whippet’s own, entry points and arguments of containers, algorithms from the marketplace.',
    'Pipe mode, augmented manifests, file systems, compressed channels, RecordIO.',
    'Instance groups, warm pools, training plans, spot training, serverless jobs, MLflow, model packages, TensorBoard, remote debugging.',
    'KMS keys: nothing is encrypted on the disk.',
  ],
  different: [
    'Jobs share the cores of one machine. One that does not fit waits as Pending with a message that says so; the instance type is kept and decides nothing.',
    'File and FastFile are the same: the files of a channel are there before the container starts. Jobs share them, read-only.',
    'Debugger’s and the profiler’s rules are evaluated in the container, not in processing jobs; RuleEvaluationJobArn names no job that could be described.',
    'Checkpoints are kept of the first instance, which trains.',
    'MaxRuntimeInSeconds begins again when a restarted server takes the job up; the job shows the status Restarting.',
    'VpcConfig is stored and has no effect.',
  ],
};
