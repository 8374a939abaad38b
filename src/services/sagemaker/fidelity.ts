import type { Fidelity } from '../service.ts';

/** How far SageMaker goes here, for readers of docs/services/sagemaker.md. */
export const fidelity: Fidelity = {
  faithful: [
    'A training job runs the container that also runs on AWS, one process for each instance, with the files, variables and signals of SageMaker’s contract. Every status stands for work that is done.',
    'Jobs read and write S3 with the rights of their role only; creating one needs iam:PassRole. That the role can be assumed and sees objects at each input is looked at when a training or transform job is asked for.',
    'Channels come from prefixes and manifests, whole (FullyReplicated) or divided (ShardedByS3Key).',
    'Stopping sends SIGTERM, waits up to 120 seconds and keeps the model that the container saves; so does MaxRuntimeInSeconds.',
    'Checkpoints go to CheckpointConfig.S3Uri while the job runs, and a job with the same URI goes on from them.',
    'TrainingTimeInSeconds is from the download to the upload; BillableTimeInSeconds is that of one instance, and the bill multiplies it by InstanceCount.',
    'Tuning jobs search by a Gaussian process, at random or over a grid; trials are ordinary training jobs, which the median rule ends early. RandomSeed with one trial at a time gives the same search again.',
    'A tuning job ends with its limits, its target or its best that does not improve, fails when its first five trials do, and goes on after a restart where it was.',
    'A transform job writes a result for each object, OBJECT.out below S3OutputPath; one whose objects fail in part is Failed, and the other results stay.',
  ],
  missing: [
    'Images other than Whippet’s own, entry points and arguments of containers, algorithms from the marketplace.',
    'Pipe mode, augmented manifests, file systems, compressed channels, RecordIO.',
    'Instance groups, warm pools, training plans, spot training, serverless jobs, MLflow, model packages, TensorBoard, remote debugging.',
    'KMS keys: nothing is encrypted on the disk.',
    'Hyperband, warm start, Autotune, ConvergenceDetected, several training job definitions, choices of instance types for trials.',
    'Models of several containers, of model packages, of unpacked artifacts; multi-model containers.',
    'Of answers: WarmPoolStatus, ProgressInfo, BillableTokenCount and MlflowDetails of a training job, TuningJobName and OverallBestTrainingJob of a search, DeploymentRecommendation of a model, and what belongs to members that are refused.',
    'Metrics of CPU, memory and disk in CloudWatch, and the profiler’s samples below ProfilerConfig.S3OutputPath: the report of ProfilerReport holds them.',
    'Transform jobs: splitting and joining of records, compressed input, data capture.',
  ],
  different: [
    'Training and transform jobs share the cores of one machine, in the order in which they were created. A training job that does not fit waits as Pending with a message that says so, a transform job as InProgress without a TransformStartTime; the instance type is kept and decides nothing.',
    'File and FastFile are the same: the files of a channel are there before the container starts. Jobs share them, read-only.',
    'That the model can be written to S3OutputPath (its bucket, s3:PutObject) is looked at before the container starts; a job that could not is Failed then, in the words in which the upload would fail.',
    'Debugger’s and the profiler’s rules are evaluated in the container, not in processing jobs; RuleEvaluationJobArn names no job that could be described.',
    'Checkpoints are kept of the first instance, which trains.',
    'MaxRuntimeInSeconds begins again when a restarted server takes the job up; the job shows the status Restarting.',
    'VpcConfig is stored and has no effect. Data, outputs and models may be in buckets of any region.',
    'Of Environment the container gets the variables that it reads (docs/container.md: WHIPPET_RULES, WHIPPET_CHECKPOINT_SECONDS, WHIPPET_OFFLINE, SAGEMAKER_MODEL_SERVER_TIMEOUT, proxies); the rest is described as it was sent and given to no process.',
    'A training job has at most 20 instances. At most 1,000 jobs of a kind may be open at a time; a manifest has at most 32 MiB; an expression of a metric that takes long is not looked for any more.',
    'A tuning job whose best model is at chance is Failed and says so, and names no BestTrainingJob; trials tell validation:chance and validation:above_chance beside their own metrics. An objective on the test split is refused.',
    'AWS’s API has no rules for the trials of a tuning job. The Environment of their definition may name rules, WHIPPET_RULES=VanishingGradient,Overfit, or hold their JSON: they become rules of each trial.',
    'Trials of one instance without checkpoints run one after another in processes that stay between them, as with a warm pool.',
    'Trials have checkpoints of their own, below CheckpointConfig.S3Uri in a folder of their name.',
    'A transform job starts one process with one thread for each instance, and no more of them than there are cores; the data log says how many. Its FailureReason names objects that failed.',
    'A restarted server transforms what was not done; the archive of a model is looked at when a job uses it, and has at most 4 GiB when it is unpacked.',
  ],
};
