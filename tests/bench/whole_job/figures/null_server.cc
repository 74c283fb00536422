#include "tests/bench/whole_job/figures/null_server.h"

#include <csignal>
#include <sstream>
#include <stdexcept>

#include "tests/bench/whole_job/figures/processors.h"

namespace whole_job {
namespace {

std::vector<std::string> command(const Setting& setting) {
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(setting.latency).count();
  return {NULL_FHIR_SERVER,
          "--resources",
          std::to_string(setting.resources),
          "--patients",
          std::to_string(setting.patients),
          "--paging",
          setting.by_cursor ? "cursor" : "offset",
          "--latency",
          std::to_string(microseconds)};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

NullServer::NullServer(const Setting& setting) : process_(start_on(Processor::server, command(setting))) {
  if (!process_->wait_for_output("ready\n")) throw std::runtime_error("the null server does not start");
  lines_ = lines_of(process_->out());
}

double NullServer::cpu() const {
  return cpu_of(process_->pid());
}

void NullServer::judge(Run& run, double wanted) {
  process_->signal(SIGTERM);
  process_->wait();
  const std::string verdict = lines_of(process_->out()).back();
  run.resources = number_in(verdict, "written");
  run.pages = number_in(verdict, "pages");
  run.entries = number_in(verdict, "entries");
  const bool right =
      run.resources == wanted && number_in(verdict, "duplicates") == 0 && number_in(verdict, "wrong") == 0;
  if (!right) throw std::runtime_error("the job was not done rightly: " + verdict);
}

}  // namespace whole_job
