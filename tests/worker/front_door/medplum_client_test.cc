#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <sys/file.h>
#include <unistd.h>

#include "tests/worker/front_door/door.h"

namespace test {
namespace {

namespace fs = std::filesystem;
using sandbox::FaultKind;
using sandbox::RequestKind;

/// What a program printed, and its exit code; 127 where there is none.
struct Ran {
  int code = 127;
  std::string out;
  std::string err;
};

Ran ran(Fields command) {
  try {
    ChildProcess process(std::move(command));
    const int code = process.wait(std::chrono::minutes(2));
    return {code, process.out(), process.err()};
  } catch (const std::exception& none) {
    return {127, "", none.what()};
  }
}

/// npm's own words for a registry that is not to be reached, as against a package that is not what it should be.
bool is_out_of_reach(const std::string& said) {
  for (const char* code : {"ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH"})
    if (said.find(code) != std::string::npos) return true;
  return false;
}

/// The packages, installed once for this build folder; while it lives nobody else installs them.
class Packages {
 public:
  Packages() : lock_(::open(lock_file().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) { ::flock(lock_, LOCK_EX); }
  ~Packages() { ::close(lock_); }
  Packages(const Packages&) = delete;
  Packages& operator=(const Packages&) = delete;

  static fs::path folder() { return fs::path(SET_ACCOUNTS_BUILD) / "medplum_client"; }

  /// Why they cannot be had here; empty if they are there. Throws when they could be had and something is wrong.
  std::string missing() {
    const Ran node = ran({"node", "--version"});
    if (node.code != 0) return "there is no node";
    if (std::stoi(node.out.substr(1)) < 20) return "node is " + node.out + "; it must be 20 or newer";
    for (const char* file : {"package.json", "package-lock.json", "flows.mjs"})
      fs::copy_file(fs::path(MEDPLUM_CLIENT) / file, folder() / file, fs::copy_options::overwrite_existing);
    if (installed()) return "";
    const Ran npm = ran({"npm", "ci", "--prefix", folder(), "--no-audit", "--no-fund", "--ignore-scripts"});
    if (npm.code == 127) return "there is no npm";
    if (npm.code != 0 && is_out_of_reach(npm.err)) return "npm's registry is not to be reached";
    if (npm.code != 0) throw std::runtime_error("npm ci: " + npm.err);
    fs::copy_file(folder() / "package-lock.json", folder() / "installed", fs::copy_options::overwrite_existing);
    return "";
  }

 private:
  static fs::path lock_file() {
    fs::create_directories(folder());
    return folder() / "lock";
  }
  static std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static bool installed() { return text_of(folder() / "installed") == text_of(folder() / "package-lock.json"); }

  int lock_;
};

/// Patients whose jobs end well (`p`), last a while (`slow`) and fail (`broken`).
class MedplumClient : public Door {
 protected:
  void SetUp() override {
    std::uint64_t dice = 0;
    for (const char* patient : {"p", "slow", "broken"}) {
      const auto seeded = seed({.patient = patient, .members = 40, .seed = ++dice});
      note_asked({seeded.target, {}, true});
      for (const std::string& member : seeded.members) slow_or_broken(patient, member);
    }
    look();
  }
  void slow_or_broken(const std::string& patient, const std::string& member) {
    if (patient == "slow")
      server.add_fault({.kind = FaultKind::stall,
                        .on = RequestKind::patch,
                        .reference = member,
                        .wait = std::chrono::milliseconds(100)});
    if (patient == "broken") server.add_fault({.on = RequestKind::patch, .reference = member, .status = 422});
  }
};

TEST_F(MedplumClient, DoesHereWhatItDoesAtMedplum) {
  Packages packages;
  const std::string missing = packages.missing();
  if (!missing.empty()) GTEST_SKIP() << "Medplum's client is not tried: " << missing;
  open({"--concurrency", "4"});
  oracle().expect({"Patient/p", {organization(5)}, true});
  const Ran flows = ran({"node", Packages::folder() / "flows.mjs", url("/")});
  ASSERT_EQ(flows.code, 0) << flows.err << flows.out;
  for (const char* kind :
       {"AsyncJob accepted", "AsyncJob active", "AsyncJob completed", "AsyncJob error", "AsyncJob cancelled",
        "OperationOutcome", "Parameters", "CapabilityStatement", "OperationDefinition"})
    EXPECT_NE(flows.out.find(std::string("valid: ") + kind), std::string::npos) << kind << " never came\n" << flows.out;
}

}  // namespace
}  // namespace test
