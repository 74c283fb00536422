#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "config/histogram.h"

namespace fhir {

enum class RequestKind { patch, read, page };
inline constexpr std::size_t request_kinds = 3;

/// What came back: the class of its status, or nothing.
enum class AnswerClass { success, redirect, refusal, failure, silence };
inline constexpr std::size_t answer_classes = 5;

/// Why a request was sent once more.
enum class RetryCause { timeout, connection, unauthorized, too_many_requests, conflict, server_error, unusable };
inline constexpr std::size_t retry_causes = 7;

/// What went over the wire, both ways, without what TLS adds.
struct Traffic {
  std::uint64_t connections = 0;  ///< that were opened
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
};

/// What this process has asked of the FHIR server since it began; for whoever watches it.
struct Tally {
  /// From its departure to its answer, or to the failure; 1 ms to 33 s.
  config::Histogram<1'000'000, 16> patch_time;
  std::array<std::array<std::uint64_t, answer_classes>, request_kinds> requests{};  ///< each try of each request
  std::array<std::uint64_t, retry_causes> retries{};
  std::uint64_t too_many_requests = 0;  ///< answers 429
  std::uint64_t conflicts = 0;          ///< PATCHes that met a newer version
  std::uint64_t pages = 0;              ///< of compartments, read whole
  std::uint64_t entries = 0;            ///< on those
};

constexpr AnswerClass class_of(unsigned status) {
  switch (status / 100) {
    case 2:
      return AnswerClass::success;
    case 3:
      return AnswerClass::redirect;
    case 4:
      return AnswerClass::refusal;
    default:
      return AnswerClass::failure;
  }
}

}  // namespace fhir
