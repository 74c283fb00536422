// Renders deploy/kubernetes and holds every object against the schemas and against the program; deploy/compose.yaml, too.
//   node check.mjs TREE PROGRAM FHIR-SANDBOX    a line for each claim; exit code 0 only if all hold
import { readFileSync } from "node:fs";
import { join } from "node:path";
import YAML from "yaml";
import { cluster_rules } from "./cluster_rules.mjs";
import { compose_rules } from "./compose_rules.mjs";
import { pod_rules } from "./pod_rules.mjs";
import { libraries_of } from "./image_rules.mjs";
import { help_of } from "./program.mjs";
import { refuses_a_bad_setting, watch_the_program } from "./program_claims.mjs";
import { folders_of, objects_of, rendered, rendered_by_kubectl, rendered_without_components } from "./render.mjs";
import { rendered_by_the_readme } from "./readme_lines.mjs";
import { faults_of } from "./schemas.mjs";
import { break_each_rule } from "./violations.mjs";
import { options_of, overlay_of } from "./world.mjs";

const [tree, program, sandbox] = process.argv.slice(2);
const kubernetes = join(tree, "deploy/kubernetes");
const read = (path) => readFileSync(join(tree, path), "utf8");
let wrong = 0;

function report(claim, faults, figure = "") {
  console.log(`${claim.padEnd(86)} ${figure}${figure ? "  " : ""}${faults.length ? "WRONG" : "ok"}`);
  for (const fault of faults) console.log(`    ${fault}`);
  if (faults.length) ++wrong;
}

const world = {
  options: options_of(help_of(program)),
  version: /project\(set-accounts VERSION (\S+)/.exec(read("CMakeLists.txt"))[1],
  image_user: Number(/^USER (\d+):\d+$/m.exec(read("deploy/Dockerfile"))[1]),
  compose: YAML.parse(read("deploy/compose.yaml")),
};
const texts = Object.fromEntries(
  Object.entries(folders_of(kubernetes)).map(([name, folder]) => [name, rendered(folder)]),
);
const overlays = Object.entries(texts).map(([name, text]) => overlay_of(name, objects_of(text)));
const rules = { ...pod_rules, ...cluster_rules };

await check_objects();
for (const [claim, rule] of Object.entries(rules))
  report(
    claim,
    overlays.flatMap((overlay) => rule(world, overlay).map((fault) => `${overlay.name}: ${fault}`)),
  );
for (const [claim, rule] of Object.entries(compose_rules)) report(`compose: ${claim}`, rule(world));
const { tried, unnoticed } = await break_each_rule(world, overlays, rules);
report("each of these is noticed where it is broken", unnoticed, `${tried} ways`);
await follow_the_readme();
report(
  "Dockerfile and CMake tell one version",
  read("deploy/Dockerfile").includes(`ARG VERSION=${world.version}\n`) ? [] : [world.version],
  world.version,
);
compare_libraries(libraries_of(read("deploy/Dockerfile"), program));
report("a setting that is wrong ends the worker with 2", refuses_a_bad_setting({ program }, overlays[0]));
await watch_the_program(
  { program, sandbox },
  overlays.find(({ name }) => name === "standalone"),
  report,
);
process.exit(wrong ? 1 : 0);

async function check_objects() {
  const faults = [];
  for (const { name, objects } of overlays)
    for (const object of objects) faults.push(...(await faults_of(object)).map((fault) => `${name}: ${fault}`));
  const count = overlays.reduce((sum, { objects }) => sum + objects.length, 0);
  report(
    "every object is what its API's schema says, and has no field that it does not know",
    faults,
    `${count} objects`,
  );

  const other = Object.entries(folders_of(kubernetes)).map(([name, folder]) => [name, rendered_by_kubectl(folder)]);
  const tried = other.filter(([, text]) => text !== null);
  if (tried.length === 0) console.log("kubectl is not tried: there is none, or its Kustomize is older than 4");
  else
    report(
      "kubectl renders the same",
      tried.filter(([name, text]) => text !== texts[name]).map(([name]) => name),
      `${tried.length} folders`,
    );

  const bare = Object.entries(rendered_without_components(kubernetes));
  report(
    "without components nothing is asked of a cluster that a bare one lacks",
    bare.flatMap(([name, objects]) =>
      objects
        .filter(({ apiVersion }) => /monitoring\.coreos|keda/.test(apiVersion))
        .map(({ kind }) => `${name}: ${kind}`),
    ),
    `${bare.length} overlays`,
  );
}

/// A folder of one's own over the base, as deploy/README.md says.
async function follow_the_readme() {
  const { objects, keys } = rendered_by_the_readme(tree);
  const mine = overlay_of("mine", objects);
  const faults = [];
  for (const object of objects) faults.push(...(await faults_of(object)));
  for (const [claim, rule] of Object.entries(rules))
    faults.push(...rule(world, mine).map((fault) => `${claim}: ${fault}`));
  const wanted = mine.pod().volumes[0].secret.items.map(({ key }) => key);
  if (keys.join() !== wanted.join()) faults.push(`the secret has ${keys}, the pod wants ${wanted}`);
  report("what deploy/README.md says is rendered, and keeps all these rules", faults, `${objects.length} objects`);
}

function compare_libraries(libraries) {
  if (!libraries) return console.log("the image's libraries are not compared: this is no Debian");
  const { named, wanted } = libraries;
  report(
    "the image installs the libraries that the program wants, and no others",
    named.join() === wanted.join() ? [] : [`installed ${named}`, `wanted ${wanted}`],
    `${named.length} packages`,
  );
}
