// The real program in an overlay's environment: with a Redis and a FHIR server of our own in the place of those that the
// settings name, and everything else as a pod would have it.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export const help_of = (program) => execFileSync(program, ["worker", "--help"], { encoding: "utf8" });

/// What KEDA takes for the length of a key, whatever its type is.
const length_of = { none: "LLEN", list: "LLEN", set: "SCARD", zset: "ZCARD", hash: "HLEN", stream: "XLEN" };

export class Stage {
  #folder = mkdtempSync(join(tmpdir(), "set-accounts-"));
  #children = [];
  #tools;
  constructor(tools) {
    this.#tools = tools;
  }

  /// Redis with a password, and a FHIR server with these patients that answers no PATCH until it is told to.
  async set(patients) {
    writeFileSync(this.#at("client-secret"), "secret");
    writeFileSync(this.#at("redis-password"), "password");
    this.#start("redis", "redis-server", [
      "--port",
      "0",
      "--unixsocket",
      this.#at("redis.sock"),
      "--dir",
      this.#folder,
      "--save",
      "",
      "--requirepass",
      "password",
    ]);
    this.#start("fhir", this.#tools.sandbox, [
      "--port-file",
      this.#at("port"),
      "--real-time",
      "--auth",
      "--client-secret",
      "secret",
      "--fault",
      "kind=stall&on=patch",
      "--members",
      "3",
      ...patients.flatMap((patient) => ["--seed-patient", patient]),
    ]);
    await until("the FHIR server", () => existsSync(this.#at("port")) && readFileSync(this.#at("port"), "utf8").trim());
    await until("Redis", () => this.redis("PING") === "PONG");
  }

  /// Those that hang are sent again, for their connections are cut; so is the one that asks for it.
  async answer_patches() {
    await fetch(`${this.#fhir()}/sandbox/faults/clear`, { method: "POST" });
    await fetch(`${this.#fhir()}/sandbox/connections/drop`, { method: "POST" }).catch(() => {});
  }

  /// A worker of the container, until it answers.
  async work(container, environment) {
    const mount = container.volumeMounts.find(({ name }) => name === "secrets").mountPath;
    const here = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, value.replace(mount, this.#folder)]),
    );
    here.SET_ACCOUNTS_REDIS_URL = `unix://${this.#at("redis.sock")}`;
    here.SET_ACCOUNTS_FHIR_URL = `${this.#fhir()}/fhir/R4`;
    here.SET_ACCOUNTS_CLIENT_ID = "client";
    here.SET_ACCOUNTS_LISTEN = "127.0.0.1:0";
    const worker = this.#start("worker", this.#tools.program, container.args, { PATH: process.env.PATH, ...here });
    await until("the worker", async () => this.#door() && (await this.status("/readyz")) === 200, worker);
  }

  redis(...words) {
    const out = execFileSync(
      "redis-cli",
      ["-s", this.#at("redis.sock"), "--no-auth-warning", "-a", "password", ...words],
      { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
    );
    return out.trim();
  }
  enqueue(target) {
    return this.redis(
      "XADD",
      "{set-accounts}:inbox",
      "*",
      "target",
      target,
      "accounts",
      "Organization/00000000-0000-4000-8000-0000000000c1",
    );
  }
  length(key) {
    return Number(this.redis(length_of[this.redis("TYPE", key)], key));
  }
  type(key) {
    return this.redis("TYPE", key);
  }

  async status(path) {
    const answer = await fetch(`http://${this.#door()}${path}`, { signal: AbortSignal.timeout(5000) }).catch(
      () => null,
    );
    return answer?.status;
  }
  async text(path) {
    return (await fetch(`http://${this.#door()}${path}`, { signal: AbortSignal.timeout(5000) })).text();
  }

  async clear() {
    for (const { child, over } of this.#children.reverse()) {
      child.kill("SIGTERM");
      await over;
    }
    rmSync(this.#folder, { recursive: true });
  }

  log(name) {
    return readFileSync(this.#at(`${name}.log`), "utf8");
  }

  #at(name) {
    return join(this.#folder, name);
  }
  #fhir() {
    return `http://127.0.0.1:${readFileSync(this.#at("port"), "utf8").trim()}`;
  }
  #door() {
    return /"address":"([^"]+)"/.exec(this.log("worker"))?.[1];
  }
  #start(name, command, words, env = process.env) {
    const log = openSync(this.#at(`${name}.log`), "a");
    const child = spawn(command, words, { stdio: ["ignore", log, log], env });
    const over = new Promise((done) => child.on("exit", (code) => done(code)).on("error", () => done(127)));
    this.#children.push({ child, over });
    return { child, said: () => this.log(name) };
  }
}

/// At most a minute, and no longer than the child lives.
export async function until(what, holds, worker) {
  for (let tries = 0; tries < 600; ++tries) {
    try {
      if (await holds()) return;
    } catch {
      // not yet
    }
    if (worker && worker.child.exitCode !== null)
      throw new Error(`${what}: exit ${worker.child.exitCode}: ${worker.said()}`);
    await pause(100);
  }
  throw new Error(`in vain waited for ${what}${worker ? `: ${worker.said()}` : ""}`);
}
