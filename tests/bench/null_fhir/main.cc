// A FHIR server that does nothing but answer, as quickly as one thread can, and count what a job does wrong:
//   null-fhir-server [--resources N] [--patients N] [--paging offset|cursor] [--latency MICROSECONDS] [--port N]
// Prints its FHIR base, the token it lets in, the patients' ids and the account that may be written, a line each; then
// serves until SIGTERM. GET /bench/verdict, and its last line: what it has counted.

#include <charconv>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/signalfd.h>

#include "tests/bench/null_fhir/event_loop.h"
#include "tests/bench/null_fhir/names.h"

namespace {

struct Options {
  null_fhir::Shape shape;
  std::uint64_t latency = 0;
  std::uint16_t port = 0;
};

template <class Number>
Number number(std::string_view text) {
  Number value{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size())
    throw std::invalid_argument("not a number: " + std::string(text));
  return value;
}

null_fhir::Paging paging(std::string_view text) {
  if (text == "offset") return null_fhir::Paging::offset;
  if (text == "cursor") return null_fhir::Paging::cursor;
  throw std::invalid_argument("--paging is offset or cursor");
}

Options options_of(std::span<char*> arguments) {
  Options options;
  for (std::size_t i = 1; i < arguments.size(); i += 2) {
    const std::string_view name = arguments[i];
    if (i + 1 == arguments.size()) throw std::invalid_argument(std::string(name) + " wants a value");
    const std::string_view value = arguments[i + 1];
    if (name == "--resources")
      options.shape.resources = number<std::uint64_t>(value);
    else if (name == "--patients")
      options.shape.patients = number<std::uint64_t>(value);
    else if (name == "--paging")
      options.shape.paging = paging(value);
    else if (name == "--latency")
      options.latency = number<std::uint64_t>(value);
    else if (name == "--port")
      options.port = number<std::uint16_t>(value);
    else
      throw std::invalid_argument("no such option: " + std::string(name));
  }
  return options;
}

null_fhir::Descriptor wanted_end() {
  sigset_t ends;
  ::sigemptyset(&ends);
  ::sigaddset(&ends, SIGTERM);
  ::sigaddset(&ends, SIGINT);
  ::sigprocmask(SIG_BLOCK, &ends, nullptr);
  return null_fhir::Descriptor(::signalfd(-1, &ends, SFD_CLOEXEC));
}

void announce(const std::string& origin, const null_fhir::Shape& shape) {
  std::cout << origin << "/fhir/R4\n" << null_fhir::token << '\n' << null_fhir::account_id << '\n';
  for (std::uint64_t patient = 0; patient < shape.patients; ++patient) {
    std::string id(null_fhir::uuid_size, ' ');
    null_fhir::write_id(id.data(), patient * shape.resources);
    std::cout << id << '\n';
  }
  std::cout << "ready" << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = options_of({argv, static_cast<std::size_t>(argc)});
    ::prctl(PR_SET_TIMERSLACK, 1000UL);  // nanoseconds; the kernel's own is a twentieth of a millisecond
    const auto signals = wanted_end();
    auto listener = null_fhir::listen_at(options.port);
    const std::string origin = null_fhir::origin_of(listener);
    null_fhir::Service service(options.shape, origin);
    null_fhir::EventLoop loop(std::move(listener), service, std::chrono::microseconds(options.latency));
    announce(origin, options.shape);
    loop.run(signals);
    std::cout << service.verdict();
  } catch (const std::exception& failure) {
    std::cerr << "null-fhir-server: " << failure.what() << '\n';
    return 1;
  }
  return 0;
}
