// What a pod of the worker must be. A rule gives its faults, a line each; none if all is well.
import { bytes, option_of, seconds, setting } from "./world.mjs";

const unless = (holds, fault) => (holds ? [] : [fault]);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export const pod_rules = {
  "selectors choose the worker's pods": (world, overlay) => {
    const {
      metadata: { labels },
      spec,
    } = overlay.one("Deployment").spec.template;
    const chooses = (selector) => Object.entries(selector).every(([name, value]) => labels[name] === value);
    const selectors = {
      Deployment: overlay.one("Deployment").spec.selector.matchLabels,
      Service: overlay.one("Service").spec.selector,
      PodDisruptionBudget: overlay.one("PodDisruptionBudget").spec.selector.matchLabels,
      NetworkPolicy: overlay.one("NetworkPolicy").spec.podSelector.matchLabels,
      ...Object.fromEntries(
        spec.topologySpreadConstraints.map((spread) => [spread.topologyKey, spread.labelSelector.matchLabels]),
      ),
    };
    return Object.entries(selectors).flatMap(([who, selector]) =>
      unless(Object.keys(selector).length && chooses(selector), `${who} chooses ${JSON.stringify(selector)}`),
    );
  },

  "every variable is an option of the program": (world, overlay) =>
    Object.keys(overlay.environment()).flatMap((name) =>
      unless(name.startsWith("SET_ACCOUNTS_") && world.options.has(option_of(name)), `no option: ${name}`),
    ),

  "the arguments are a command of the program": (world, overlay) =>
    unless(same(overlay.container().args, ["worker"]) && !overlay.container().command, "args are not just: worker"),

  "secrets are files of the mounted Secret, and nothing else": (world, overlay) => {
    const files = Object.entries(overlay.environment()).filter(([name]) => name.endsWith("_FILE"));
    const mount = overlay.container().volumeMounts.find(({ name }) => name === "secrets");
    const { secret } = overlay.pod().volumes.find(({ name }) => name === "secrets");
    const there = secret.items.map(({ path }) => `${mount.mountPath}/${path}`);
    return [
      ...files.flatMap(([name, value]) => unless(there.includes(value), `${name}: ${value} is not mounted`)),
      ...unless(mount.readOnly === true, "the secrets are mounted to be written"),
      ...unless((secret.defaultMode & 0o007) === 0, "everybody in the pod may read the secrets"),
      ...unless(overlay.all("Secret").length === 0, "a Secret is kept beside the manifests"),
      ...Object.keys(overlay.environment()).flatMap((name) =>
        unless(!/(SECRET|PASSWORD|TOKEN)$/.test(name), `${name} is a secret in the environment`),
      ),
      ...unless(
        !/:[^/@]*@/.test(overlay.environment().SET_ACCOUNTS_REDIS_URL.replace(/^[^/]*\/\//, "")),
        "a password in the URL of Redis",
      ),
    ];
  },

  "probes and the Service ask where the program answers": (world, overlay) => {
    const { ports, startupProbe, livenessProbe, readinessProbe } = overlay.container();
    const named = (name) => ports.find((port) => port.name === name)?.containerPort;
    const listen = /^(.*):(\d+)$/.exec(setting(world, overlay, "listen"));
    const probe = (what, { httpGet }, path) => [
      ...unless(named(httpGet.port), `the ${what} probe asks at port ${httpGet.port}, which has no name`),
      ...unless(httpGet.path === path, `the ${what} probe asks for ${httpGet.path}, not ${path}`),
    ];
    return [
      ...probe("startup", startupProbe, "/healthz"),
      ...probe("liveness", livenessProbe, "/healthz"),
      ...probe("readiness", readinessProbe, "/readyz"),
      ...unless(Number(listen[2]) === named("http"), `the program listens at ${listen[2]}`),
      ...unless(["0.0.0.0", "[::]", ""].includes(listen[1]), `nobody reaches ${listen[1]} from outside the pod`),
      ...overlay
        .one("Service")
        .spec.ports.flatMap(({ targetPort }) => unless(named(targetPort), `the Service sends to ${targetPort}`)),
      ...overlay
        .one("NetworkPolicy")
        .spec.ingress.flatMap((rule) => rule.ports)
        .flatMap(({ port }) => unless(named(port), `the NetworkPolicy lets in to ${port}`)),
      ...overlay
        .all("ServiceMonitor")
        .flatMap(({ spec }) => spec.endpoints)
        .flatMap(({ port, path }) =>
          unless(
            overlay.one("Service").spec.ports.some(({ name }) => name === port) && path === "/metrics",
            `scraped is ${port} ${path}`,
          ),
        ),
      ...overlay.all("ServiceMonitor").flatMap(({ spec }) =>
        unless(
          Object.entries(spec.selector.matchLabels).every(
            ([name, value]) => overlay.one("Service").metadata.labels[name] === value,
          ),
          "the ServiceMonitor does not choose the Service",
        ),
      ),
    ];
  },

  "the pod is left longer than the worker takes to stop": (world, overlay) => {
    const before = overlay.container().lifecycle?.preStop?.sleep?.seconds ?? 0;
    const needed = before + seconds(setting(world, overlay, "grace")) + 5;
    const given = overlay.pod().terminationGracePeriodSeconds ?? 30;
    return unless(given >= needed + 5, `given ${given} s; preStop, --grace and answers take up to ${needed} s`);
  },

  "the memory it may take is what its settings can need": (world, overlay) => {
    const pages = Number(setting(world, overlay, "jobs")) * 3 * bytes(setting(world, overlay, "body-limit"));
    const { limits, requests } = overlay.container().resources;
    return [
      ...unless(
        bytes(limits.memory) >= pages + bytes("64Mi"),
        `${limits.memory}; pages alone can take ${Math.ceil(pages / 2 ** 20)}Mi`,
      ),
      ...unless(bytes(requests.memory) >= bytes("48Mi") && requests.cpu, "it asks for less than it was seen to take"),
      ...unless(!limits.cpu, "a limit of CPU makes renewals late"),
    ];
  },

  "the pod may nothing that it need not": (world, overlay) => {
    const {
      securityContext: pod,
      automountServiceAccountToken,
      hostNetwork,
      hostPID,
      serviceAccountName,
      volumes,
    } = overlay.pod();
    const { securityContext: own, ports } = overlay.container();
    return [
      ...unless(
        pod.runAsNonRoot === true && pod.runAsUser >= 10000 && pod.runAsUser === world.image_user,
        "the user is not the image's",
      ),
      ...unless(pod.fsGroup === pod.runAsGroup, "its group may not read the secrets"),
      ...unless(pod.seccompProfile?.type === "RuntimeDefault", "no seccomp profile"),
      ...unless(own.allowPrivilegeEscalation === false, "privileges may grow"),
      ...unless(own.readOnlyRootFilesystem === true, "the root file system can be written"),
      ...unless(same(own.capabilities, { drop: ["ALL"] }), "capabilities are left"),
      ...unless(
        automountServiceAccountToken === false && overlay.one("ServiceAccount").automountServiceAccountToken === false,
        "a token of the cluster is mounted",
      ),
      ...unless(serviceAccountName === overlay.one("ServiceAccount").metadata.name, "it is not its own ServiceAccount"),
      ...unless(
        !hostNetwork && !hostPID && !own.privileged && ports.every(({ hostPort }) => !hostPort),
        "it shares the node's",
      ),
      ...unless(
        volumes.every((volume) => !volume.hostPath && !volume.emptyDir),
        "it has more than the secrets mounted",
      ),
      ...unless(
        overlay.one("Namespace").metadata.labels["pod-security.kubernetes.io/enforce"] === "restricted",
        "the namespace lets in any pod",
      ),
    ];
  },

  "an update never leaves fewer workers than before": (world, overlay) =>
    unless(
      same(overlay.one("Deployment").spec.strategy.rollingUpdate, { maxSurge: 1, maxUnavailable: 0 }),
      "a worker goes before another came",
    ),
};
