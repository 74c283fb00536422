// The commands of deploy/README.md, "Run on Kubernetes", as they stand there, in a folder with a copy of the manifests. What
// wants a cluster is passed over; what renders is rendered.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kustomize, objects_of } from "./render.mjs";

/// In the place of kubectl: `kustomize` is carried out, what else is known is noted, anything else fails.
const kubectl = `#!/usr/bin/env bash
set -euo pipefail
[[ $1 != --namespace ]] || shift 2
case "$1 \${2-}" in
  "kustomize "*) exec "${kustomize}" build "$2" ;;
  "apply -k") "${kustomize}" build "$3" >/dev/null ;;
  "create namespace") ;;
  "create secret")
    shift 4
    for word in "$@"; do
      [[ $word == --from-file=* && -s \${word#--from-file=} ]]
      echo "\${word#--from-file=}" >>keys
    done ;;
  "rollout status" | "exec deployment/set-accounts") [[ "$*" == *deployment/set-accounts* ]] ;;
  *) echo "kubectl $*: not known here" >&2; exit 1 ;;
esac
`;

/// The objects that the section's commands render, and the keys of the secret that they make.
export function rendered_by_the_readme(tree) {
  const folder = mkdtempSync(join(tmpdir(), "readme-"));
  try {
    cpSync(join(tree, "deploy/kubernetes"), join(folder, "deploy/kubernetes"), { recursive: true });
    writeFileSync(join(folder, "kubectl"), kubectl);
    chmodSync(join(folder, "kubectl"), 0o755);
    for (const secret of ["client-secret", "redis-password"]) writeFileSync(join(folder, secret), "x");
    const out = execFileSync("bash", ["-euo", "pipefail", "-c", lines_of(tree)], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: `${folder}:${process.env.PATH}` },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return { objects: objects_of(out), keys: readFileSync(join(folder, "keys"), "utf8").trim().split("\n") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function lines_of(tree) {
  const section = /^## Run on Kubernetes\n([^]*?)^## /m.exec(readFileSync(join(tree, "deploy/README.md"), "utf8"))[1];
  return [...section.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, lines]) => lines).join("");
}
