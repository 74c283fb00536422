#pragma once

#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

/// A client of the server: how it logs in, and what it may do. It is seen as its ProjectMembership, which has its id.
struct Person {
  std::string id;
  std::string secret;
  std::string profile = "ClientApplication/somebody";
  bool admin = false;        ///< of its project
  bool super_admin = false;  ///< its project is
  // NOLINTBEGIN(readability-redundant-member-init): designated initialisers may leave them out
  std::string project = {};                           ///< empty: the one that all resources are in
  std::set<std::string, std::less<>> forbidden = {};  ///< types that its access policy keeps from it
  // NOLINTEND(readability-redundant-member-init)
  std::chrono::milliseconds lifetime = std::chrono::hours(1);  ///< of its tokens
};

}  // namespace sandbox
