#include "config/manual/about_program.h"

namespace config::manual {

Section configuration() {
  return {
      "CONFIGURATION",
      "Every setting is a flag, an environment variable (`SET_ACCOUNTS_` and the flag in capitals, as in "
      "`SET_ACCOUNTS_FHIR_URL`) and a key of the file that `--config` or `SET_ACCOUNTS_CONFIG` names. Flags win over "
      "the "
      "environment, the environment over the file, the file over a credential. Secrets are never flags. `set-accounts "
      "check` shows what is in force and where it came from.",
      {}};
}

Section exit_status() {
  return {
      "EXIT STATUS",
      "",
      {{"0",
        "Done. The worker also ends with it after SIGTERM or SIGINT, unless it was to drain: then something was left."},
       {"1", "The job, the check or the command failed; the last line says why."},
       {"2",
        "An option, a variable or a line of the configuration file is wrong. It is named before anything is connected. "
        "Starting again does not help; the packaged unit does not try."},
       {"130", "Interrupted; not of the worker. A job that was being watched goes on."}}};
}

Section signals() {
  return {
      "SIGNALS",
      "Of the worker:",
      {{"SIGTERM, SIGINT",
        "Begin no more jobs, let what is being written end, hand the rest back to the queue, for at most "
        "`--grace`; then "
        "exit with 0. A second one ends the grace at once."},
       {"SIGHUP",
        "Read the settings again, and take over log level and most limits. What cannot change while the worker runs is "
        "named in the log, and waits for a restart. Files of secrets want no signal: they are read again when they "
        "change."}}};
}

Section environment() {
  return {
      "ENVIRONMENT",
      "",
      {{"SET_ACCOUNTS_…", "Settings, see above. An empty variable is as good as none."},
       {"SET_ACCOUNTS_CLIENT_SECRET", "The secret of `--client-id`, where it is not in a file."},
       {"SET_ACCOUNTS_CONFIG", "The configuration file, as `--config`."},
       {"CREDENTIALS_DIRECTORY",
        "Set by systemd for a unit with `LoadCredential=`. A file in it that is not blank stands for the setting of "
        "its "
        "name with -file behind it: `client-secret` for `client-secret-file`. Any other source of that setting wins."},
       {"STATE_DIRECTORY, XDG_STATE_HOME", "Where the embedded Redis lives, see `redis-url`."},
       {"NOTIFY_SOCKET, WATCHDOG_USEC",
        "Set by systemd for a unit of `Type=notify`; told of readiness, progress and ends."}}};
}

Section files() {
  return {
      "FILES",
      "Of the Debian package:",
      {{"/etc/set-accounts/set-accounts.toml",
        "The settings of set-accounts.service, all of them commented out at first."},
       {"/etc/set-accounts/credentials/",
        "Secrets, a file each, for root only: `client-secret`, `token`, `redis-password`, `redis-cert`, `redis-key`, "
        "`tls-cert`, `tls-key`, `caller-token`, `status-token`. systemd hands them to the worker as credentials when "
        "it starts."},
       {"/var/lib/set-accounts/", "The embedded Redis, where one is wanted."}}};
}

}  // namespace config::manual
