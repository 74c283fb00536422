#include "config/declare.h"

#include "config/allowed.h"
#include "config/options.h"

namespace config {
namespace {

/// Help in a line: what it is, and what it is when nobody says anything.
std::string help_of(const Option& option) {
  const std::string otherwise = option.value_name.empty() ? "" : option.kind.show(Settings());
  return std::string(option.help) + (otherwise.empty() || option.says_default ? "" : " [" + otherwise + "]");
}

/// Of the many settings a help shows those that one is likely to give with that command. All are taken.
bool is_shown(const Option& option, Audience widest) {
  switch (widest) {
    case Audience::every_command:
      return !option.rarely_needed;
    case Audience::worker_and_check:
      return option.group == "Redis" || option.group == "FHIR server";
    case Audience::worker:
      return true;
  }
  return true;
}

/// The settings that a command looks at, as flags of its own.
void declare_settings(CLI::App& command, Audience widest, Typed& typed) {
  for (const Option& option : options()) {
    if (!concerns(option, widest) || option.only_from_environment) continue;
    const std::string flag = "--" + std::string(option.name);
    const auto keep = [&text = typed.flags, name = std::string(option.name)](const CLI::results_t& given) {
      text[name] = given.back();
      return true;
    };
    CLI::Option* const declared = option.value_name.empty()
                                      ? command.add_flag_callback(flag, [keep] { keep({"true"}); })
                                      : command.add_option(flag, keep);
    declared->description(help_of(option))->type_name(std::string(option.value_name));
    declared->group(is_shown(option, widest) ? std::string(option.group) : "");
  }
  command.add_option("--config", typed.config_file, "TOML: key = value; keys are flags without --")->type_name("FILE");
}

template <class Arguments>
CLI::App& declare(CLI::App& app, Typed& typed, const Arguments& arguments, const std::string& name,
                  const std::string& what, const std::string& example, Audience widest = Audience::every_command) {
  CLI::App& command = *app.add_subcommand(name, what);
  command.footer("\nExample: set-accounts " + name + example);
  command.callback([&typed, &arguments] { typed.command = arguments; });
  declare_settings(command, widest, typed);
  return command;
}

CLI::Option& declare_job(CLI::App& command, std::string& job) {
  return *command.add_option("JOB", job, "its id, as enqueue printed it")->type_name("")->check(allow_filled());
}

void declare_what_to_enqueue(CLI::App& command, Enqueue& enqueue) {
  command.add_option("TARGET", enqueue.target, "the resource, e.g. Patient/f1dc")->type_name("");
  command.add_option("--from", enqueue.from, "targets from a file, one a line; - is stdin")
      ->type_name("FILE")
      ->check(allow_filled());
  command.add_option("--account", enqueue.accounts, "repeat for each; '' alone removes all")
      ->type_name("REF")
      ->allow_extra_args(false);
  command.add_flag("--propagate", enqueue.propagate, "to the whole compartment of a Patient");
  command.add_flag("--dry-run", enqueue.dry_run, "report what would change, write nothing");
  command.add_flag("--watch", enqueue.watch, "follow it to its end");
}

void declare_how_to_enqueue(CLI::App& command, Enqueue& enqueue) {
  command.add_option("--priority", enqueue.priority, "larger first, -1000 to 1000, default 0")
      ->type_name("N")
      ->check(allow_whole_numbers(-1000, 1000));
  command
      .add_option_function<std::string>(
          "--delay", [&enqueue](const std::string& text) { enqueue.delay = parse_duration(text); },
          "not before it is over, e.g. 10s")
      ->type_name("TIME")
      ->check(allow_durations());
  command.add_option("--max-attempts", enqueue.max_attempts, "before it fails")
      ->type_name("N")
      ->check(allow_whole_numbers(1, 1000));
  command.add_option("--verify", enqueue.verify, "full or none")
      ->type_name("HOW")
      ->check(allow_words({"full", "none"}));
  command.add_option("--batch", enqueue.batch, "a name that groups jobs")->type_name("NAME")->check(allow_filled());
  command.add_option("--id", enqueue.id, "your own id for the job; the same twice runs once")
      ->type_name("ID")
      ->check(allow_filled());
}

void declare_status(CLI::App& command, Status& status) {
  declare_job(command, status.job);
  command.add_option("--batch", status.batch, "a batch instead of a job")->type_name("NAME")->check(allow_filled());
  command.add_flag("--watch", status.watch, "follow it to its end");
  command.add_flag("--json", status.json, "one JSON object a line");
}

void declare_jobs(CLI::App& command, Jobs& jobs) {
  command.add_option("--state", jobs.state, "only those in it, e.g. failed")
      ->type_name("STATE")
      ->check(allow_words({"queued", "scheduled", "running", "completed", "failed", "cancelled"}));
  command.add_option("--limit", jobs.limit, "at most so many, default 20")
      ->type_name("N")
      ->check(allow_whole_numbers(1, 100'000));
  command.add_flag("--json", jobs.json, "one JSON object a line");
}

void declare_commands(CLI::App& app, Commands& commands, Typed& typed) {
  declare(app, typed, Work(), "worker", "Run jobs: the daemon.",
          " --fhir-url https://api.example.org/fhir/R4 --client-id ID --client-secret-file FILE", Audience::worker);
  declare(app, typed, Check(), "check", "Show the settings in force, then try Redis and the FHIR server.",
          " --config /etc/set-accounts/set-accounts.toml", Audience::worker_and_check);
  CLI::App& enqueue = declare(app, typed, commands.enqueue, "enqueue", "Add jobs to the queue; prints their ids.",
                              " Patient/f1dc --account Organization/a --propagate --watch");
  declare_what_to_enqueue(enqueue, commands.enqueue);
  declare_how_to_enqueue(enqueue, commands.enqueue);
  declare_status(declare(app, typed, commands.status, "status", "Show a job, or a batch.", " 1700000000000-0 --watch"),
                 commands.status);
  declare_jobs(declare(app, typed, commands.jobs, "jobs", "List the newest jobs.", " --state failed --limit 50"),
               commands.jobs);
  declare_job(declare(app, typed, commands.cancel, "cancel", "Stop a job, or take it out.", " 1700000000000-0"),
              commands.cancel.job)
      .required();
  declare_job(declare(app, typed, commands.retry, "retry", "Run a failed or cancelled job again.", " 1700000000000-0"),
              commands.retry.job)
      .required();
  declare(app, typed, Pause(), "pause", "Start no more jobs; running ones go on.", "");
  declare(app, typed, Resume(), "resume", "Start jobs again.", "");
  CLI::App& owed = declare(app, typed, commands.owed, "owed", "Show the removals that broken jobs still owe a target.",
                           " Patient/f1dc --forgive Organization/a");
  owed.add_option("TARGET", commands.owed.target, "the resource, e.g. Patient/f1dc")->type_name("")->required();
  owed.add_option("--forgive", commands.owed.forgive, "take this account out")->type_name("REF");
}

}  // namespace

void declare_program(CLI::App& app, Commands& commands, Typed& typed) {
  app.name("set-accounts");
  app.description("Brings meta.accounts of FHIR resources, and of whole compartments, in line; jobs come from Redis.");
  app.get_formatter()->column_width(30);
  app.get_formatter()->label("REQUIRED", "");
  app.set_version_flag("--version", "set-accounts " SET_ACCOUNTS_VERSION, "print it and exit");
  app.set_help_flag("-h,--help", "print this and exit");
  app.require_subcommand(1);
  app.footer("\nEach command has its own --help. Settings are flags, variables (SET_ACCOUNTS_…) or\nkeys of --config.");
  declare_commands(app, commands, typed);
}

}  // namespace config
