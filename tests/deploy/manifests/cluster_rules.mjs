// What the objects around the pod must be.
import { redis_of, setting } from "./world.mjs";

const unless = (holds, fault) => (holds ? [] : [fault]);
const port_of = (server) => Number(server.split(":").at(-1));

/// What KEDA's Redis scalers read of a trigger's metadata, as far as it is used here.
const known = {
  redis: ["address", "listName", "listLength"],
  "redis-streams": ["address", "stream", "streamLength"],
  "redis-sentinel": ["addresses", "sentinelMaster", "listName", "listLength"],
  "redis-sentinel-streams": ["addresses", "sentinelMaster", "stream", "streamLength"],
  "redis-cluster": ["addresses", "listName", "listLength"],
  "redis-cluster-streams": ["addresses", "stream", "streamLength"],
};

export const key_of = ({ metadata }) => metadata.stream ?? metadata.listName;

const scaling = (rule) => (world, overlay) =>
  overlay.all("ScaledObject").flatMap((object) => rule(world, overlay, object.spec));

export const cluster_rules = {
  "all is in one namespace": (world, overlay) => {
    const name = overlay.one("Namespace").metadata.name;
    return overlay.objects
      .filter(({ kind }) => kind !== "Namespace")
      .flatMap(({ kind, metadata }) => unless(metadata.namespace === name, `${kind} is in ${metadata.namespace}`));
  },

  "the image is this version's": (world, overlay) =>
    unless(
      overlay.container().image.endsWith(`/set-accounts:${world.version}`),
      `${overlay.container().image} is not ${world.version}`,
    ),

  "the worker is let out to whom its settings name": (world, overlay) => {
    const out = overlay.one("NetworkPolicy").spec.egress.flatMap(({ ports }) => ports.map(({ port }) => port));
    const { kind, servers } = redis_of(setting(world, overlay, "redis-url"));
    const wanted = [53, Number(new URL(setting(world, overlay, "fhir-url")).port || 443), ...servers.map(port_of)];
    if (kind === "redis-sentinel") wanted.push(6379);
    return wanted.flatMap((port) => unless(out.includes(port), `no way out to port ${port}`));
  },

  "a drained node takes one worker at a time, and always gets rid of it": (world, overlay) => {
    const { maxUnavailable, minAvailable } = overlay.one("PodDisruptionBudget").spec;
    return unless(maxUnavailable === 1 && minAvailable === undefined, "the budget is not: maxUnavailable 1");
  },

  "KEDA asks the Redis that the worker works with": scaling((world, overlay, { triggers }) => {
    const { kind, servers, primary } = redis_of(setting(world, overlay, "redis-url"));
    return triggers.flatMap(({ name, type, metadata, authenticationRef }) => [
      ...unless(type === kind || type === `${kind}-streams`, `${name} is of type ${type}, Redis is ${kind}`),
      ...unless(
        (metadata.addresses ?? metadata.address) === servers.join(","),
        `${name} asks at ${metadata.addresses ?? metadata.address}`,
      ),
      ...unless(metadata.sentinelMaster === primary, `${name} asks for the primary ${metadata.sentinelMaster}`),
      ...unless(
        overlay.all("TriggerAuthentication").some((object) => object.metadata.name === authenticationRef?.name),
        `${name} has no login`,
      ),
      ...Object.entries(metadata).flatMap(([field, value]) => [
        ...unless(known[type]?.includes(field), `${name}: ${type} reads no ${field}`),
        ...unless(typeof value === "string", `${name}: ${field} is no string`),
      ]),
    ]);
  }),

  "KEDA counts this queue's jobs, and never a lag": scaling((world, overlay, { triggers, advanced }) => {
    const queue = setting(world, overlay, "queue");
    const counted = triggers.map(key_of).sort();
    const names = triggers.map(({ name }) => name).sort();
    return [
      ...unless(
        JSON.stringify(counted) === JSON.stringify(["inbox", "ready", "running"].map((key) => `{${queue}}:${key}`)),
        `counted are ${counted}`,
      ),
      ...unless(
        advanced.scalingModifiers.formula
          .split(/\s*\+\s*/)
          .sort()
          .join() === names.join(),
        "the formula is not the sum of all triggers",
      ),
      ...unless(
        triggers.every(({ metadata }) => !metadata.lagCount && !metadata.consumerGroup),
        "a lag is counted",
      ),
    ];
  }),

  "KEDA starts as many workers as have room for the jobs, and no more than the server bears": scaling(
    (world, overlay, spec) => {
      const jobs = setting(world, overlay, "jobs");
      const writes = spec.maxReplicaCount * Number(setting(world, overlay, "concurrency"));
      return [
        ...unless(
          spec.advanced.scalingModifiers.target === jobs,
          `a worker runs ${jobs} jobs, not ${spec.advanced.scalingModifiers.target}`,
        ),
        ...unless(spec.scaleTargetRef.name === overlay.one("Deployment").metadata.name, "another Deployment is scaled"),
        ...unless(
          spec.minReplicaCount >= 1 && spec.idleReplicaCount === undefined,
          "without a worker delayed jobs never start",
        ),
        ...unless(writes <= 50, `${writes} writes at once; the server's pool is 50`),
        ...unless(
          overlay.one("Deployment").spec.replicas === undefined,
          "each apply would set the number of workers again",
        ),
      ];
    },
  ),
};
