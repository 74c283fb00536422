#include <stdexcept>

#include "tests/bench/whole_job/figures/clients.h"
#include "tests/bench/whole_job/figures/null_server.h"
#include "tests/bench/whole_job/figures/processors.h"

namespace whole_job {

Run run_peer(const Peer& peer, Setting setting) {
  if (peer.one_at_a_time) {
    setting.resources /= 10;
    setting.connections = 1;
  }
  NullServer server(setting);
  std::vector<std::string> command = peer.command;
  for (const std::string& told :
       {server.base(), server.token(), server.account(), server.patient(0), std::to_string(setting.connections)})
    command.push_back(told);
  const double server_before = server.cpu();
  const auto process = start_on(Processor::client, command);
  if (process->wait(std::chrono::minutes(5)) != 0) throw std::runtime_error(peer.name + " failed: " + process->err());
  Run run;
  run.seconds = number_in(process->out(), "seconds");
  run.cpu = number_in(process->out(), "cpu");
  run.peak_mib = number_in(process->out(), "peak_kib") / 1024;
  run.server_cpu = server.cpu() - server_before;
  server.judge(run, static_cast<double>(setting.resources));
  return run;
}

}  // namespace whole_job
