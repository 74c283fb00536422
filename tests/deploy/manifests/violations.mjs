// Each rule broken, one at a time: what an editor of the manifests might do. [rule, overlay, how].
import { compose_rules } from "./compose_rules.mjs";
import { faults_of } from "./schemas.mjs";
import { overlay_of } from "./world.mjs";

const settings = (overlay) => overlay.one("ConfigMap").data;
const scaling = (overlay) => overlay.one("ScaledObject").spec;

const broken = [
  ["selectors choose the worker's pods", "base", (o) => (o.one("Service").spec.selector = { app: "worker" })],
  ["selectors choose the worker's pods", "base", (o) => (o.one("NetworkPolicy").spec.podSelector.matchLabels = {})],
  ["every variable is an option of the program", "base", (o) => (settings(o).SET_ACCOUNTS_GRACE_PERIOD = "25s")],
  ["the arguments are a command of the program", "base", (o) => (o.container().args = ["work"])],
  [
    "secrets are files of the mounted Secret, and nothing else",
    "base",
    (o) => (o.container().env[0].value = "/run/secrets/client-secret"),
  ],
  [
    "secrets are files of the mounted Secret, and nothing else",
    "base",
    (o) => (o.pod().volumes[0].secret.defaultMode = 0o444),
  ],
  [
    "secrets are files of the mounted Secret, and nothing else",
    "base",
    (o) => (settings(o).SET_ACCOUNTS_CLIENT_SECRET = "x"),
  ],
  [
    "secrets are files of the mounted Secret, and nothing else",
    "base",
    (o) => (settings(o).SET_ACCOUNTS_REDIS_URL = "redis://u:p@redis"),
  ],
  [
    "probes and the Service ask where the program answers",
    "base",
    (o) => (o.container().livenessProbe.httpGet.path = "/health"),
  ],
  [
    "probes and the Service ask where the program answers",
    "base",
    (o) => (o.container().livenessProbe.httpGet.path = "/readyz"),
  ],
  [
    "probes and the Service ask where the program answers",
    "base",
    (o) => (o.container().ports[0].containerPort = 8080),
  ],
  [
    "probes and the Service ask where the program answers",
    "base",
    (o) => (settings(o).SET_ACCOUNTS_LISTEN = "127.0.0.1:8089"),
  ],
  [
    "probes and the Service ask where the program answers",
    "standalone",
    (o) => (o.one("ServiceMonitor").spec.endpoints[0].port = "metrics"),
  ],
  ["the pod is left longer than the worker takes to stop", "base", (o) => (settings(o).SET_ACCOUNTS_GRACE = "1m")],
  ["the pod is left longer than the worker takes to stop", "base", (o) => delete o.pod().terminationGracePeriodSeconds],
  ["the memory it may take is what its settings can need", "base", (o) => delete settings(o).SET_ACCOUNTS_BODY_LIMIT],
  ["the memory it may take is what its settings can need", "base", (o) => (settings(o).SET_ACCOUNTS_JOBS = "16")],
  ["the pod may nothing that it need not", "base", (o) => delete o.container().securityContext.readOnlyRootFilesystem],
  [
    "the pod may nothing that it need not",
    "base",
    (o) => (o.container().securityContext.capabilities.add = ["NET_ADMIN"]),
  ],
  ["the pod may nothing that it need not", "base", (o) => (o.pod().securityContext.runAsUser = 0)],
  ["the pod may nothing that it need not", "base", (o) => (o.pod().automountServiceAccountToken = true)],
  [
    "an update never leaves fewer workers than before",
    "base",
    (o) => (o.one("Deployment").spec.strategy.rollingUpdate.maxUnavailable = 1),
  ],
  ["all is in one namespace", "base", (o) => (o.one("Service").metadata.namespace = "default")],
  ["the image is this version's", "base", (o) => (o.container().image = "set-accounts:latest")],
  [
    "the worker is let out to whom its settings name",
    "sentinel",
    (o) => o.one("NetworkPolicy").spec.egress[1].ports.pop(),
  ],
  [
    "the worker is let out to whom its settings name",
    "base",
    (o) => (settings(o).SET_ACCOUNTS_FHIR_URL = "http://medplum:8103/fhir/R4"),
  ],
  [
    "a drained node takes one worker at a time, and always gets rid of it",
    "base",
    (o) => (o.one("PodDisruptionBudget").spec = { minAvailable: 1 }),
  ],
  [
    "KEDA asks the Redis that the worker works with",
    "cluster",
    (o) => (settings(o).SET_ACCOUNTS_REDIS_URL = "redis://elsewhere"),
  ],
  [
    "KEDA asks the Redis that the worker works with",
    "sentinel",
    (o) => (scaling(o).triggers[0].metadata.sentinelMaster = "mymaster"),
  ],
  [
    "KEDA asks the Redis that the worker works with",
    "standalone",
    (o) => (scaling(o).triggers[0].metadata.listLenght = "8"),
  ],
  [
    "KEDA counts this queue's jobs, and never a lag",
    "standalone",
    (o) => (scaling(o).triggers[0].metadata.lagCount = "5"),
  ],
  ["KEDA counts this queue's jobs, and never a lag", "standalone", (o) => (settings(o).SET_ACCOUNTS_QUEUE = "other")],
  [
    "KEDA counts this queue's jobs, and never a lag",
    "cluster",
    (o) => (scaling(o).advanced.scalingModifiers.formula = "inbox + ready"),
  ],
  [
    "KEDA starts as many workers as have room for the jobs, and no more than the server bears",
    "standalone",
    (o) => (scaling(o).maxReplicaCount = 10),
  ],
  [
    "KEDA starts as many workers as have room for the jobs, and no more than the server bears",
    "standalone",
    (o) => (scaling(o).minReplicaCount = 0),
  ],
  [
    "KEDA starts as many workers as have room for the jobs, and no more than the server bears",
    "standalone",
    (o) => (o.one("Deployment").spec.replicas = 2),
  ],
];

const misspelt = [
  ["base", (o) => (o.container().securityContext.readOnlyRootFileSystem = true)],
  ["base", (o) => (o.one("Deployment").spec.replicas = "two")],
  ["base", (o) => (o.one("NetworkPolicy").spec.ingres = [])],
  ["base", (o) => (o.one("PodDisruptionBudget").apiVersion = "policy/v1beta2")],
  ["standalone", (o) => (scaling(o).advanced.scalingModifier = {})],
  ["standalone", (o) => (o.one("ServiceMonitor").spec.endpoints[0].paths = "/metrics")],
];

const broken_compose = [
  ["it is what the Compose specification says", (c) => (c.services.worker.stop_grace = "35s")],
  ["every variable is an option of the program", (c) => (c.services.worker.environment.SET_ACCOUNTS_REDIS = "redis")],
  ["the worker is this version's, and its user the image's", (c) => (c.services.worker.user = "0:0")],
  ["the worker is left longer than it takes to stop", (c) => (c.services.worker.stop_grace_period = "25s")],
  [
    "the memory it may take is what its settings can need",
    (c) => (c.services.worker.environment.SET_ACCOUNTS_BODY_LIMIT = "64MB"),
  ],
  ["both may nothing that they need not", (c) => delete c.services.redis.cap_drop],
  ["nothing is published beyond this machine", (c) => (c.services.redis.ports = ["6379:6379"])],
  ["the secret is a file", (c) => (c.services.worker.environment.SET_ACCOUNTS_CLIENT_SECRET = "x")],
  ["Redis keeps every job", (c) => (c.services.redis.command = ["redis-server"])],
];

/// How many ways were tried, and which of them no rule noticed.
export async function break_each_rule(world, overlays, rules) {
  const unnoticed = [];
  const changed = (name, how) => {
    const overlay = overlay_of(name, structuredClone(overlays.find((one) => one.name === name).objects));
    how(overlay);
    return overlay;
  };
  for (const [rule, name, how] of broken)
    if (rules[rule](world, changed(name, how)).length === 0) unnoticed.push(`${rule}: ${how}`);
  for (const [name, how] of misspelt) {
    const faults = await Promise.all(changed(name, how).objects.map(faults_of));
    if (faults.flat().length === 0) unnoticed.push(`the schemas: ${how}`);
  }
  for (const [rule, how] of broken_compose) {
    const compose = structuredClone(world.compose);
    how(compose);
    if (compose_rules[rule]({ ...world, compose }).length === 0) unnoticed.push(`compose: ${rule}: ${how}`);
  }
  const once = new Set([...broken, ...broken_compose].map(([rule]) => rule));
  for (const rule of [...Object.keys(rules), ...Object.keys(compose_rules)])
    if (!once.has(rule)) unnoticed.push(`${rule}: never broken`);
  return { tried: broken.length + misspelt.length + broken_compose.length, unnoticed };
}
