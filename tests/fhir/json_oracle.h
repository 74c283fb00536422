#pragma once

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

/// What the property tests share: chance that can be repeated, and a second JSON library, so that nothing is proven by
/// the reader under test.
namespace oracle {

/// Chance from a seed. Name the seed with SCOPED_TRACE, so that a failure can be repeated.
class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  /// Thrown by somebody else: each throw takes a byte of `thrown`. Chance goes on where they end.
  explicit Dice(std::string_view thrown) : engine_(static_cast<unsigned>(thrown.size())), thrown_(thrown) {}

  std::size_t below(std::size_t count) {
    if (thrown_.empty()) return std::uniform_int_distribution<std::size_t>(0, count - 1)(engine_);
    const auto byte = static_cast<unsigned char>(thrown_.front());
    thrown_.remove_prefix(1);
    return byte % count;
  }
  bool once_in(std::size_t count) { return below(count) == 0; }
  template <class T>
  const T& one_of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }
  template <class T>
  void shuffle(std::vector<T>& things) {
    std::shuffle(things.begin(), things.end(), engine_);
  }

 private:
  std::mt19937 engine_;
  std::string_view thrown_;
};

boost::json::value parse(std::string_view json);

/// With U+FFFD for each half of a surrogate pair that stands alone: Boost.JSON takes none.
std::string with_whole_pairs(std::string_view json);

/// Nothing for what is no object or has no such member.
const boost::json::value* member(const boost::json::value* object, std::string_view name);
/// Empty for what is no string.
std::string string(const boost::json::value* value);

/// The accounts that Medplum reads from a resource's meta (core, extractAccountReferences).
boost::json::array account_references(const boost::json::value& meta);

}  // namespace oracle
