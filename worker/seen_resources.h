#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace worker {

/// What an attempt knows of one resource.
enum class Fate : std::uint8_t {
  none,     ///< not seen, or no longer one of ours
  awaited,  ///< seen, its turn will come
  unchanged,
  written,
  to_write,
  gone,
  failed,
};

/// The fates of the resources of a compartment in 10 to 13 bytes each, however many there are. Known by 69 bits of a
/// hash: at a million resources two share one with a chance of 1 to 1,000 million. Resources' ids come from outside, so
/// each table hashes with a seed of its own.
class SeenResources {
 public:
  /// What names a resource, a type and an id say, in as many parts as needed.
  using Name = std::initializer_list<std::string_view>;

  /// Where one resource's fate is kept. Good until another resource is asked for.
  class Place {
   public:
    Fate fate() const { return static_cast<Fate>(*slot_ & fate_bits); }
    void become(Fate fate) { *slot_ = (*slot_ & ~fate_bits) | static_cast<std::uint64_t>(fate); }

   private:
    friend class SeenResources;
    explicit Place(std::uint64_t& slot) : slot_(&slot) {}
    std::uint64_t* slot_;
  };

  SeenResources();

  /// The place of a resource, a new one if need be.
  Place at(Name name);
  Fate fate_of(Name name) const;
  /// None was ever asked a place for.
  bool empty() const { return shards_.empty(); }
  /// What the places take.
  std::size_t bytes() const;

 private:
  static constexpr std::uint64_t fate_bits = 7;
  static constexpr std::size_t shards = 256;

  /// Half of a fingerprint says in which shard, the other half is kept there.
  struct Fingerprint {
    std::size_t shard;
    std::uint64_t bits;
  };
  /// Many small tables that grow one by one, in small steps: so nothing large is ever there twice.
  struct Shard {
    std::vector<std::uint64_t> slots;  ///< 0, or a fingerprint's bits with the fate in the lowest three
    std::size_t size = 0;
  };

  Fingerprint fingerprint(Name name) const;
  static std::size_t place_in(const std::vector<std::uint64_t>& slots, std::uint64_t bits);
  static void grow(Shard& shard, std::size_t first_capacity);

  std::array<std::uint64_t, 2> seeds_;
  std::vector<Shard> shards_;  ///< none before the first place is asked for
};

}  // namespace worker
