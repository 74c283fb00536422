#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sandbox/exchange.h"
#include "sandbox/oracle.h"
#include "sandbox/server.h"

namespace sandbox {

/// What scripts may ask of the sandbox over HTTP, under /sandbox/. Answers are JSON; 400 names what is wrong.
///   POST snapshot                                    the oracle remembers the world as it is now
///   POST expect?target=&accounts=a,b&propagate=true  a request that completed, or is to
///   POST abandoned?target=…&target-written=true      one whose job broke off
///   GET  differences                                 {"differences":[…],"count":n,"resourcesUpdated":n}; trespasses
///   too GET  counters · POST counters/reset POST fault?kind=status&on=patch&status=503&nth=3&…  · POST faults/clear
///   POST world?do=touch|erase|move&ref=Type/id&from=&to=[&during=true]   somebody else; the oracle is told
///   POST tokens/revoke · POST silent?on=true · POST connections/drop · POST quit
class Control {
 public:
  Control(Server& server, std::function<void()> quit) : server_(server), quit_(std::move(quit)) {}
  Answer answer(const Asked& asked);

 private:
  std::string carry_out(const std::string& verb, const Query& query);
  std::string snapshot();
  std::string expect(const Query& query);
  std::string abandon(const Query& query);
  std::string differences();
  std::vector<std::string> trespasses_since_snapshot();
  std::string change_world(const Query& query);
  Oracle& oracle();

  Server& server_;
  std::function<void()> quit_;
  std::unique_ptr<Oracle> oracle_;
  std::vector<Request> requests_;      ///< that the oracle was told of
  std::size_t patches_before_it_ = 0;  ///< that the server had carried out
};

}  // namespace sandbox
