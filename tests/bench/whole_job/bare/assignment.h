#pragma once

#include <cstdint>
#include <string>

namespace whole_job {

/// What each client of the comparison is told, as its arguments, in this order:
///   BASE TOKEN ACCOUNT PATIENT CONNECTIONS
/// Read all of Patient/PATIENT's compartment at BASE and give each resource the account Organization/ACCOUNT.
struct Assignment {
  std::uint16_t port = 0;  ///< of 127.0.0.1
  std::string base;        ///< http://127.0.0.1:port/fhir/R4
  std::string path;        ///< /fhir/R4
  std::string authority;   ///< 127.0.0.1:port
  std::string token;
  std::string account;
  std::string patient;
  std::size_t connections = 0;
};

/// Throws std::invalid_argument.
Assignment assignment_of(int argc, char** argv);

/// A [] of JSON Patch as the worker writes it: version and account are what differs.
std::string patch_body(const std::string& version, const std::string& account);

/// Prints what the job took since `began`, a line that the comparison reads:
///   {"resources":20000,"seconds":0.213,"cpu":0.201,"peak_kib":9876}
class Stopwatch {
 public:
  Stopwatch();
  void print(std::size_t resources) const;

 private:
  double wall_;
  double cpu_;
};

}  // namespace whole_job
