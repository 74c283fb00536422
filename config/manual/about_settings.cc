#include "config/manual/about_settings.h"

namespace config::manual {

const std::map<std::string_view, AboutSetting>& about_settings() {
  static const std::map<std::string_view, AboutSetting> about = {
      {"redis-url",
       {"In full: `redis://[user[:password]@]host[:port][/db]`, several nodes of a cluster with commas between them; "
        "`redis+sentinel://[login@]host,host/NAME[/db]`; `rediss` and `rediss+sentinel` for TLS; `unix:///path`; or "
        "`embedded:[DIR]`, a private redis-server with an append-only file, which the worker starts and stops itself. "
        "Without DIR it lives in `$STATE_DIRECTORY`, which is /var/lib/set-accounts under the packaged unit, else in "
        "`$XDG_STATE_HOME/set-accounts`, else in ~/.local/state/set-accounts; other programs reach it at the socket "
        "redis.sock there. A password in the URL is refused in a flag, since process lists show flags."}},
      {"redis-password-file", {"Instead of a password in the URL."}},
      {"redis-ca-file", {"PEM. Without it the system's store is trusted."}},
      {"redis-cert-file", {"PEM, where Redis asks its clients for one; together with `redis-key-file`."}},
      {"redis-key-file", {"PEM, the private key of `redis-cert-file`."}},
      {"queue",
       {"Several queues live side by side in one Redis. Every worker and every producer of a queue says the same."}},
      {"fhir-url", {"Required by worker and check.", "https://api.example.org/fhir/R4"}},
      {"token-url",
       {"Where the client's id and secret are exchanged for a token.", "https://api.example.org/oauth2/token"}},
      {"client-id",
       {"The client must be a project admin or super admin: the server silently ignores account writes of anybody "
        "else, "
        "so the worker asks first and does not begin to write.",
        "00000000-0000-4000-8000-000000000000"}},
      {"client-secret-file", {"The secret of `client-id`. Read again when it changes."}},
      {"token-file", {"Not together with `client-id`. Read again within 0.1 s of a change."}},
      {"ca-file", {"PEM. Certificates are always verified, TLS is 1.2 or newer."}},
      {"concurrency",
       {"The most; there are fewer where more would only wait longer, or where the server's quota runs low. Medplum's "
        "own "
        "pool of database connections has 50."}},
      {"request-timeout", {"A request that fails in a way that may pass is sent again, with growing pauses."}},
      {"jobs", {"Jobs of one target run one after the other in any case."}},
      {"body-limit",
       {"Unpacked. Of a larger page half as many resources are asked for. A worker needs up to three times as much "
        "memory "
        "for each job that it runs at once."}},
      {"max-attempts", {"A job that was handed back or whose worker died has used none."}},
      {"verify",
       {"`full`: after the writes the whole compartment is read again until nothing is left to write. `none` trusts "
        "the "
        "first pass."}},
      {"lease",
       {"How long a worker may be silent before another takes its jobs over. Shorter recovers sooner, and asks Redis "
        "more "
        "often."}},
      {"keep-finished", {"After that a finished job's record is gone from Redis."}},
      {"grace",
       {"On SIGTERM no new job is begun; what is being written may end; the rest is handed back to the queue, with no "
        "attempt used. A second SIGTERM ends the grace at once."}},
      {"drain",
       {"For cron and CI. Delayed jobs are left, and those of a queue that is paused. The exit status is 1 if a job "
        "that "
        "was run failed, if Redis or the FHIR server cannot be worked with, or if it was interrupted."}},
      {"listen",
       {"`127.0.0.1:8089`, `[::1]:8089`, `0.0.0.0:8089`; port 0 takes any that is free. If the default is taken by "
        "another worker, this one goes without. Beyond a loopback address give `tls-cert-file` and `tls-key-file`, or "
        "put a "
        "proxy before it that speaks TLS."}},
      {"tls-cert-file", {"Together with `tls-key-file`."}},
      {"tls-key-file", {"PEM, the private key of `tls-cert-file`."}},
      {"public-url", {"`Content-Location` is made of it.", "https://worker.example.org"}},
      {"sync-timeout", {"Then the answer is 504 with the job's name; the job goes on."}},
      {"caller-rate", {"More are answered with 429."}},
      {"caller-token-file",
       {"A line each, for a FHIR server that has no /auth/me and so cannot say who may. Read again when it changes."}},
      {"status-token-file",
       {"Without it the status page, which names targets, is open to requests over loopback only. Read again when it "
        "changes."}},
      {"log-format", {"Lines go to stderr; under systemd that is the journal."}},
      {"log-level", {"Audit lines, one for each job that ended, are always written."}},
  };
  return about;
}

}  // namespace config::manual
