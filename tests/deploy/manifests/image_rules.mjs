// Whether the image has the libraries that the program wants: the Dockerfile names Debian's packages, the loader the files.
import { execFileSync } from "node:child_process";

const run = (command, words) => execFileSync(command, words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

/// What the base brings: libc6 and what belongs to it.
const in_the_base = ["libc6", "libgcc-s1"];

/// Packages that the Dockerfile installs to run, and those of the program's libraries; null where this is no Debian.
export function libraries_of(dockerfile, program) {
  const installed = /install -y --no-install-recommends ca-certificates \\\n([^&]*?)\\?\n &&/.exec(dockerfile)[1];
  const named = installed
    .split(/[\s\\]+/)
    .filter(Boolean)
    .sort();
  const files = [...run("ldd", [program]).matchAll(/=> (\/\S+)/g)].map(([, file]) => file);
  try {
    const wanted = new Set(files.map(package_of).filter((name) => !in_the_base.includes(name)));
    return { named, wanted: [...wanted].sort() };
  } catch (none) {
    if (none.code === "ENOENT") return null;
    throw none;
  }
}

/// /lib is a link to /usr/lib, and a package may name either.
function package_of(file) {
  for (const path of [file, `/usr${file}`]) {
    try {
      return /^([^:]+)/.exec(run("dpkg", ["-S", path]))[1];
    } catch (none) {
      if (none.code === "ENOENT") throw none;
    }
  }
  return file;
}
