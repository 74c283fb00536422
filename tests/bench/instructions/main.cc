// How many instructions the worker takes for a resource: a figure that a busy machine cannot move. A job of 1,200
// resources less one of 200, so that what begins and ends a worker falls out; counted by Valgrind.
//   instructions-figure RECORD           fails where it is more than a twentieth above the recorded one
//   instructions-figure RECORD --record  renews the record

#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/plain_connection.h"
#include "tests/bench/whole_job/figures/null_server.h"
#include "tests/bench/whole_job/figures/processors.h"
#include "tests/support/redis_server.h"

namespace {

using namespace std::chrono_literals;

constexpr int skipped = 77;  // as CMakeLists.txt says
constexpr double allowed_growth = 1.05;
constexpr int small = 200, large = 1200;
/// Few enough that how answers happen to come together matters little.
constexpr const char* connections = "8";

/// "==123== I   refs:      72,125,960"
double instructions_in(const std::string& said) {
  const auto at = said.find("refs:");
  if (at == std::string::npos) throw std::runtime_error("Valgrind did not count: " + said);
  std::string digits;
  for (const char c : said.substr(at, said.find('\n', at) - at))
    if (c >= '0' && c <= '9') digits += c;
  return std::stod(digits);
}

/// Of a whole worker that finds one job and ends when it is done.
double instructions_of_job(std::uint64_t resources) {
  whole_job::Setting setting;
  setting.resources = resources;
  whole_job::NullServer server(setting);
  const test::RedisServer redis_server({"--appendfsync", "no"});
  const test::TempFolder folder;
  const std::string token_file = folder.path() / "token";
  std::ofstream(token_file) << server.token();
  bench::PlainConnection(redis_server.socket())
      .ask({"XADD", "{set-accounts}:inbox", "*", "target", "Patient/" + server.patient(0), "accounts",
            "Organization/" + server.account(), "propagate", "true"});
  test::ChildProcess worker({"valgrind",
                             "--tool=cachegrind",
                             "--cache-sim=no",
                             "--cachegrind-out-file=/dev/null",
                             SET_ACCOUNTS_PROGRAM,
                             "worker",
                             "--redis-url",
                             redis_server.url(),
                             "--fhir-url",
                             server.base(),
                             "--listen",
                             "",
                             "--token-file",
                             token_file,
                             "--verify",
                             "none",
                             "--concurrency",
                             connections,
                             "--page-size",
                             "100",
                             "--log-level",
                             "error",
                             "--drain"});
  if (worker.wait(2min) != 0) throw std::runtime_error("the worker failed: " + worker.err());
  whole_job::Run run;
  server.judge(run, static_cast<double>(resources));
  return instructions_in(worker.err());
}

double instructions_per_resource() {
  return std::round((instructions_of_job(large) - instructions_of_job(small)) / (large - small));
}

double recorded_in(const std::string& path) {
  std::ifstream record(path);
  double figure = 0;
  if (!(record >> figure)) throw std::runtime_error(path + " holds no number");
  return figure;
}

int compare(const std::string& path) {
  const double recorded = recorded_in(path), figure = instructions_per_resource();
  std::printf("instructions per resource: %.0f, recorded: %.0f (%+.1f %%)\n", figure, recorded,
              (figure / recorded - 1) * 100);
  if (figure > recorded * allowed_growth) {
    std::printf(
        "that is more than a twentieth above. If it is worth it, renew the record on purpose:\n"
        "  cmake --build --preset release --target record-instructions\n");
    return 1;
  }
  if (figure < recorded / allowed_growth) std::printf("renew the record, so that what was won is kept\n");
  return 0;
}

bool has_valgrind() {
  try {
    return test::ChildProcess({"valgrind", "--version"}).wait() == 0;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bool records = argc == 3 && std::string_view(argv[2]) == "--record";
  if (argc != 2 && !records) {
    std::cerr << "usage: instructions-figure RECORD [--record]\n";
    return 2;
  }
  if (std::string_view(BUILD_TYPE) != "Release" || !has_valgrind()) {
    std::cout << "skipped: only the release preset is counted, and only by Valgrind\n";
    return skipped;
  }
  try {
    if (!records) return compare(argv[1]);
    std::ofstream(argv[1]) << static_cast<long>(instructions_per_resource()) << '\n';
  } catch (const std::exception& failure) {
    std::cerr << "instructions-figure: " << failure.what() << '\n';
    return 1;
  }
  return 0;
}
