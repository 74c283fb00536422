// Whether an object is what the API's schema says, and nothing more.
//
// The schemas' validators look at each field that they know and pass over all others, as the API server does by default:
// a misspelt `readOnlyRootFileSystem` would be dropped in silence. So each validator reads the object through a watch that
// notes which fields it asks for; a field that nobody asked for is unknown. Where none was asked for, the schema
// leaves the content open.

/// What is wrong with it, a line each.
export async function faults_of(object) {
  const faults = [];
  const model = await model_of(object);
  if (!model) return [`${title_of(object)}: nobody knows this kind`];
  const asked = new Map();
  try {
    model.prototype.validate.call(watched(object, "", asked));
  } catch (wrong) {
    faults.push(`${title_of(object)}: ${wrong.message}`);
  }
  for (const [path, { value, names, all }] of asked)
    if (names.size > 0 && !all)
      for (const name of Object.keys(value))
        if (!names.has(name)) faults.push(`${title_of(object)}: ${path}/${name} is not known`);
  return faults;
}

export const title_of = (object) => `${object.kind} ${object.metadata?.name}`;

const packages = {
  "keda.sh": "@kubernetes-models/keda/keda.sh",
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator/monitoring.coreos.com",
};

async function model_of({ apiVersion, kind }) {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const place = packages[group] ?? ["kubernetes-models", group].filter(Boolean).join("/");
  try {
    return (await import(`${place}/${version}/${kind}`))[kind];
  } catch (none) {
    if (none.code === "ERR_PACKAGE_PATH_NOT_EXPORTED" || none.code === "ERR_MODULE_NOT_FOUND") return null;
    throw none;
  }
}

function watched(value, path, asked) {
  if (value === null || typeof value !== "object") return value;
  const seen = { value, names: new Set(), all: Array.isArray(value) };
  asked.set(path, seen);
  return new Proxy(value, {
    get(of, name) {
      if (typeof name === "symbol") return of[name];
      seen.names.add(name);
      return Object.hasOwn(of, name) || Array.isArray(of) ? watched(of[name], `${path}/${name}`, asked) : undefined;
    },
    ownKeys(of) {
      seen.all = true;
      return Reflect.ownKeys(of);
    },
  });
}
