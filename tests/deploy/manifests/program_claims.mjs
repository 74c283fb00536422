// What the program itself says to the manifests: it takes their settings, answers where they ask, and its keys are those
// that KEDA counts.
import { execFileSync } from "node:child_process";
import { key_of } from "./cluster_rules.mjs";
import { Stage, until } from "./program.mjs";

const patients = [..."abcdefghij"];

/// Twice as many jobs for each of ten targets as can run: eight run, two could, the rest stand behind the first of their line.
export async function watch_the_program(tools, overlay, report) {
  const stage = new Stage(tools);
  const triggers = overlay.one("ScaledObject").spec.triggers;
  const counted = (name) => stage.length(key_of(triggers.find((trigger) => trigger.name === name)));
  const sum = () => triggers.reduce((all, { name }) => all + counted(name), 0);
  try {
    await stage.set(patients);
    for (const patient of [...patients, ...patients]) stage.enqueue(`Patient/${patient}`);
    report("KEDA sees jobs that no worker has taken in", sum() === 20 ? [] : [`${sum()} of 20`], "20 in the inbox");

    await stage.work(overlay.container(), overlay.environment());
    report("the program takes the pod's settings and gets ready", []);
    await until(
      "eight jobs that run",
      () => counted("running") === 8 && counted("ready") === 2 && counted("inbox") === 0,
    )
      .then(() =>
        report("KEDA sees those that run and those that could", [], "8 run, 2 could start, 0 in the inbox: 2 workers"),
      )
      .catch(() =>
        report("KEDA sees those that run and those that could", [
          triggers.map(({ name }) => `${name} ${counted(name)}`).join(),
        ]),
      );
    report("its keys have types that KEDA's scalers count", faults_of_types(triggers, stage));

    const { startupProbe, livenessProbe, readinessProbe } = overlay.container();
    const paths = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet.path);
    const monitored = overlay.one("ServiceMonitor").spec.endpoints.map(({ path }) => path);
    const answers = await Promise.all([...paths, ...monitored].map((path) => stage.status(path)));
    report(
      "probes and Prometheus are answered",
      answers.every((status) => status === 200) ? [] : [answers.join()],
      `${answers.length} paths, 200 each`,
    );
    const metrics = await stage.text(monitored[0]);
    report(
      "what is scraped are the worker's figures",
      metrics.includes("set_accounts_build_info{") ? [] : [metrics.slice(0, 200)],
    );

    await stage.answer_patches();
    await until("the end of all jobs", () => stage.redis("HGET", "{set-accounts}:stats", "completed") === "20");
    report("KEDA sees nothing where all is done", sum() === 0 ? [] : [`${sum()}`]);
  } finally {
    await stage.clear();
  }
}

const faults_of_types = (triggers, stage) =>
  triggers.flatMap((trigger) => {
    const found = stage.type(key_of(trigger));
    const wanted = trigger.type.endsWith("-streams") ? ["stream"] : ["list", "set", "zset", "hash"];
    return found === "none" || wanted.includes(found)
      ? []
      : [`${key_of(trigger)} is a ${found}, ${trigger.type} does not count it`];
  });

/// A setting that the program refuses must stop the pod at once, with exit code 2.
export function refuses_a_bad_setting({ program }, overlay) {
  const environment = { PATH: process.env.PATH, ...overlay.environment(), SET_ACCOUNTS_GRACE: "soon" };
  for (const name of Object.keys(environment)) if (name.endsWith("_FILE")) delete environment[name];
  try {
    execFileSync(program, overlay.container().args, { env: environment, stdio: "pipe", timeout: 10000 });
  } catch ({ status, stderr }) {
    const said = String(stderr).trim().split("\n");
    return status === 2 && said.length === 1 && said[0].includes("SET_ACCOUNTS_GRACE")
      ? []
      : [`exit ${status}: ${said.join("; ")}`];
  }
  return ["it runs"];
}
