/**
 * What Whippet's container reads of the Environment of a job or a model. The rest is kept for Describe and not given to the process: nothing
 * there reads it on purpose, but loaders and libraries do (LD_PRELOAD, NODE_OPTIONS, GIO_EXTRA_MODULES, OPENSSL_CONF, …), also bubblewrap's,
 * which runs outside of its sandbox; SM_… would lead the container to other folders
 * than the job's own, and WHIPPET_MIRROR would say what the weights are that its role's other jobs find in their cache.
 */
const understood: ReadonlySet<string> = new Set([
  ...['WHIPPET_RULES', 'WHIPPET_CHECKPOINT_SECONDS', 'WHIPPET_OFFLINE'],
  ...['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'https_proxy', 'http_proxy', 'no_proxy'],
  ...['SAGEMAKER_MODEL_SERVER_TIMEOUT'],
]);

/** The part of a request's Environment that its container is given. */
export function containerVariables(environment: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => understood.has(name)));
}
