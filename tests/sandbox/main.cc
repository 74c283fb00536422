#include <csignal>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include "sandbox/bundle_loader.h"
#include "sandbox/command_line.h"
#include "sandbox/control.h"
#include "sandbox/fault_rules.h"
#include "sandbox/server.h"

namespace {

void fill(sandbox::World& world, const sandbox::CommandLine& line) {
  for (const sandbox::Seeding& seeding : line.seedings) sandbox::seed_compartment(world, seeding);
  for (const std::string& bundle : line.bundles) sandbox::load_bundle_file(world, bundle);
}

/// Whole at once: whoever waits for the file never reads half a number.
void write_port(const std::string& file, std::uint16_t port) {
  if (file.empty()) return;
  std::ofstream(file + ".new") << port << '\n';
  std::filesystem::rename(file + ".new", file);
}

void run(const sandbox::CommandLine& line) {
  boost::asio::io_context io{1};
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code&, int) { io.stop(); });
  std::optional<sandbox::Control> control;
  sandbox::Server server(line.server);
  server.with_world([&](sandbox::World& world) { fill(world, line); });
  for (const std::string& fault : line.faults) server.add_fault(sandbox::fault_of(sandbox::parse_query(fault)));
  // The answer to POST /sandbox/quit is written before the server's thread is stopped.
  control.emplace(server, [&] {
    boost::asio::post(io, [&] {
      server.with_world([](sandbox::World&) {});
      io.stop();
    });
  });
  server.set_control([&](const sandbox::Asked& asked) { return control->answer(asked); });
  std::cout << "fhir-sandbox: listening on " << server.fhir_url() << std::endl;
  write_port(line.port_file, server.port());
  io.run();
}

}  // namespace

int main(int argc, char** argv) {
  sandbox::CommandLine line;
  int exit_code = 0;
  if (!sandbox::parse_command_line(argc, argv, line, exit_code)) return exit_code;
  try {
    run(line);
  } catch (const std::exception& error) {
    std::cerr << "fhir-sandbox: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
