// What both Node clients do: `get` and `patch` are theirs.
import { readFileSync } from 'node:fs';

const [base, token, account, patient, connections] = process.argv.slice(2);
export { base, connections };

export const headers = { authorization: `Bearer ${token}`, accept: 'application/fhir+json', 'x-medplum': 'extended' };

export function patchHeaders(version) {
  return { ...headers, 'content-type': 'application/json-patch+json', 'if-match': `W/"${version}"` };
}

export function patchBody(version) {
  const its = { reference: `Organization/${account}` };
  return JSON.stringify([
    { op: 'test', path: '/meta/versionId', value: version },
    { op: 'add', path: '/meta/accounts', value: [its] },
    { op: 'add', path: '/meta/account', value: its },
  ]);
}

/// The members of one page after the other; the next page is on its way while this one is being written.
async function* members(get) {
  let next = get(`${base}/Patient/${patient}/$everything?_count=1000`);
  while (next) {
    const page = await next;
    const link = page.link.find((each) => each.relation === 'next');
    next = link && get(link.url);
    for (const { resource } of page.entry) if (resource.id !== patient) yield resource;
  }
}

export async function wholeJob(lanes, get, patch) {
  const began = process.hrtime.bigint();
  const before = process.cpuUsage();
  await patch(await get(`${base}/Patient/${patient}`));
  let written = 1;
  const all = members(get);
  async function lane() {
    for (;;) {
      const { value: member, done } = await all.next();
      if (done) return;
      await patch(member);
      ++written;
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const { user, system } = process.cpuUsage(before);
  const peak = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
  console.log(`{"resources":${written},"seconds":${seconds},"cpu":${(user + system) / 1e6},"peak_kib":${peak}}`);
}
