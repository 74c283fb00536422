#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "sandbox/exchange.h"
#include "sandbox/fault.h"

namespace sandbox {

/// An answer as bytes, and how they go out.
struct Delivery {
  std::string head;
  std::string body;
  std::size_t piece = 0;  ///< so many bytes of the body at a time; 0: all
  std::chrono::milliseconds pause{0};
  bool close = false;  ///< the connection ends with it
};

/// Puts an answer into bytes, spoilt as the fault wants it.
Delivery delivery_of(Answer answer, bool keep_alive, const std::optional<Fault>& fault);

/// The answer of a `status` fault.
Answer faulty_answer(const Fault& fault);

}  // namespace sandbox
