// Prints what a page costs to unpack and to read, and how much memory a worker takes for pages of the largest size.
// --quick measures small ones, to see that all of it works.

#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <string_view>

#include "fhir/gunzip.h"
#include "fhir/page_parser.h"
#include "sandbox/gzip.h"
#include "tests/bench/stage.h"

namespace {

using namespace std::chrono_literals;

/// Words, as a narrative has them.
std::string narrative(std::size_t size, std::minstd_rand& random) {
  std::string text;
  while (text.size() < size) {
    for (auto length = 2 + random() % 8; length > 0; --length) text += static_cast<char>('a' + random() % 26);
    text += ' ';
  }
  return text;
}

void add_narratives(bench::Stage& stage, std::size_t size) {
  std::minstd_rand random(1);
  stage.fhir.with_world([&](sandbox::World& world) {
    for (const auto& member : stage.seeded.members) {
      world.edit(member, [&](sandbox::Json& resource) {
        auto& memory = resource.GetAllocator();
        sandbox::JsonValue text(rapidjson::kObjectType);
        text.AddMember("div", sandbox::JsonValue(narrative(size, random).c_str(), memory), memory);
        resource.AddMember("text", text, memory);
      });
    }
  });
}

std::string page_of(bench::Stage& stage) {
  std::string page = R"({"resourceType":"Bundle","entry":[)";
  stage.fhir.with_world([&](sandbox::World& world) {
    for (const auto& member : stage.seeded.members) {
      if (page.back() != '[') page += ',';
      page.append(R"({"resource":)").append(world.find(member)->text()).append(R"(,"search":{"mode":"match"}})");
    }
  });
  return page + "]}";
}

template <class Work>
double milliseconds(int times, Work work) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i) work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count() / times;
}

void measure_unpacking(int times) {
  bench::Stage stage(bench::Keeping::synced_each_second, 1000, 0ms);
  add_narratives(stage, 200);
  const std::string page = page_of(stage);
  const std::string packed = sandbox::gzipped(page);
  const double unpacking = milliseconds(times, [&] {
    fhir::Gunzip gunzip;
    std::string text;
    gunzip.unpack(packed, text, page.size());
  });
  const double parsing = milliseconds(times, [&] {
    if (!fhir::parse_page(page, {"Patient", "p"})) throw std::runtime_error("the page could not be read");
  });
  const double packing = milliseconds(times, [&] { sandbox::gzipped(page); });
  std::printf(
      "a page of %.1f MB is %.2f MB as gzip; to unpack it takes %.1f ms, to read it %.1f ms (to pack it %.1f)\n",
      static_cast<double>(page.size()) / 1e6, static_cast<double>(packed.size()) / 1e6, unpacking, parsing, packing);
}

/// VmHWM: the most that was ever resident.
double peak_megabytes(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  std::string line;
  while (std::getline(status, line))
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) * 1024 / 1e6;
  return 0;
}

void measure_memory(bool gzip, std::size_t narrative_size) {
  bench::Stage stage(bench::Keeping::synced_each_second, 3000, 0ms);
  stage.fhir.change_options([&](sandbox::ServerOptions& options) { options.gzip = gzip; });
  const auto worker = stage.worker();
  stage.warm_up();
  const double before = peak_megabytes(worker->pid());
  add_narratives(stage, narrative_size);
  const auto job =
      stage.enqueue({"target", stage.seeded.target, "accounts", "", "propagate", "true", "dryRun", "true"});
  stage.events.wait_for(job, "completed");
  const double page = static_cast<double>(page_of(stage).size()) / 3e6;
  std::printf("three pages of %.1f MB%s: the worker took at most %.0f MB, %.1f pages more than the %.0f MB before\n",
              page, gzip ? ", packed" : "", peak_megabytes(worker->pid()),
              (peak_megabytes(worker->pid()) - before) / page, before);
}

}  // namespace

int main(int argc, char** argv) {
  const bool quick = argc == 2 && std::string_view(argv[1]) == "--quick";
  if (argc > 1 && !quick) {
    std::cerr << "usage: page-figures [--quick]\n";
    return 2;
  }
  try {
    measure_unpacking(quick ? 1 : 50);
    for (const bool gzip : {false, true}) measure_memory(gzip, quick ? 2'000 : 58'000);
  } catch (const std::exception& failure) {
    std::cerr << "page-figures: " << failure.what() << '\n';
    return 1;
  }
  return 0;
}
