// What the rules look at: one overlay's objects by kind, and the few things that they ask of them.

export function overlay_of(name, objects) {
  const all = (kind) => objects.filter((object) => object.kind === kind);
  const one = (kind) => {
    const found = all(kind);
    if (found.length !== 1) throw new Error(`${found.length} objects of kind ${kind}`);
    return found[0];
  };
  const pod = () => one("Deployment").spec.template.spec;
  const container = () => pod().containers[0];
  return { name, objects, all, one, pod, container, environment: () => environment_of(container(), objects) };
}

/// All variables of a container, by name.
function environment_of(container, objects) {
  const variables = {};
  for (const { configMapRef } of container.envFrom ?? []) {
    const map = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === configMapRef.name);
    Object.assign(variables, map?.data);
  }
  for (const { name, value } of container.env ?? []) variables[name] = value;
  return variables;
}

/// A program's options as its --help shows them: the flag without dashes, and what it is by default.
export function options_of(help) {
  const lines = [...help.matchAll(/^ {2}(?:-\w,)?--([a-z-]+)(.*)$/gm)];
  return new Map(lines.map(([, flag, rest]) => [flag, /\[([^\]]*)\]$/.exec(rest)?.[1]]));
}

export const option_of = (variable) =>
  variable
    .replace(/^SET_ACCOUNTS_/, "")
    .toLowerCase()
    .replaceAll("_", "-");

/// What the worker takes for a setting: the environment's, else the option's default.
export const setting = (world, overlay, option) =>
  overlay.environment()[`SET_ACCOUNTS_${option.toUpperCase().replaceAll("-", "_")}`] ?? world.options.get(option);

export function seconds(text) {
  const found = /^(\d+)(ms|s|m)?$/.exec(text);
  if (!found) throw new Error(`no duration: ${text}`);
  return Number(found[1]) * { ms: 0.001, s: 1, m: 60 }[found[2] ?? "s"];
}

export function bytes(text) {
  const found = /^(\d+)(Mi|Gi|MB|GB|kB)?$/.exec(text);
  if (!found) throw new Error(`no size: ${text}`);
  return Number(found[1]) * { Mi: 2 ** 20, Gi: 2 ** 30, MB: 1e6, GB: 1e9, kB: 1e3 }[found[2]] || Number(found[1]);
}

/// The servers that a Redis URL names, host:port each, and the primary's name.
export function redis_of(url) {
  const found = /^redis(?:s)?(\+sentinel)?:\/\/(?:[^@/]*@)?([^/]+)(?:\/([^/]*))?/.exec(url);
  if (!found) throw new Error(`no Redis at ${url}`);
  const servers = found[2]
    .split(",")
    .map((server) => (server.includes(":") ? server : `${server}:${found[1] ? 26379 : 6379}`));
  const kind = found[1] ? "redis-sentinel" : servers.length > 1 ? "redis-cluster" : "redis";
  return { kind, servers, primary: found[1] ? found[3] : undefined };
}
