#include "worker/seen_resources.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace worker {
namespace {

__extension__ using Product = unsigned __int128;

constexpr std::size_t word_size = sizeof(std::uint64_t);

/// Every bit of the product depends on many of the factors'.
std::uint64_t folded_product(std::uint64_t a, std::uint64_t b) {
  const Product product = Product{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// Two hashes of the same words that know nothing of each other.
class TwoHashes {
 public:
  explicit TwoHashes(const std::array<std::uint64_t, 2>& seeds) : first_(seeds[0]), second_(seeds[1]) {}

  void add(std::string_view part) {
    add(part.size());
    for (; part.size() > word_size; part.remove_prefix(word_size)) add(word(part.data(), word_size));
    add(word(part.data(), part.size()));
  }
  std::uint64_t first() const { return folded_product(first_, second_factor); }
  std::uint64_t second() const { return folded_product(second_, first_factor); }

 private:
  // From a lottery: odd, with as many ones as zeros.
  static constexpr std::uint64_t first_factor = 0xDDB1AB910A1F924B, second_factor = 0x753358D2B7299C83;

  static std::uint64_t word(const char* from, std::size_t size) {
    std::uint64_t word = 0;
    if (size > 0) std::memcpy(&word, from, size);
    return word;
  }
  void add(std::uint64_t word) {
    first_ = folded_product(first_ ^ word, first_factor);
    second_ = folded_product(second_ ^ word, second_factor);
  }

  std::uint64_t first_, second_;
};

/// Four of five slots at most are taken: then the next free one is near.
bool is_full(std::size_t size, std::size_t capacity) {
  return 5 * (size + 1) > 4 * capacity;
}

}  // namespace

SeenResources::SeenResources() {
  if (getentropy(seeds_.data(), sizeof(seeds_)) != 0)
    throw std::system_error(errno, std::generic_category(), "getentropy");
}

SeenResources::Place SeenResources::at(Name name) {
  if (shards_.empty()) shards_.resize(shards);
  const Fingerprint sought = fingerprint(name);
  Shard& shard = shards_[sought.shard];
  if (!shard.slots.empty()) {
    std::uint64_t& known = shard.slots[place_in(shard.slots, sought.bits)];
    if (known != 0) return Place(known);
  }
  if (is_full(shard.size, shard.slots.size())) grow(shard, 8 + sought.shard % 8);
  std::uint64_t& added = shard.slots[place_in(shard.slots, sought.bits)];
  added = sought.bits;
  ++shard.size;
  return Place(added);
}

Fate SeenResources::fate_of(Name name) const {
  if (shards_.empty()) return Fate::none;
  const Fingerprint sought = fingerprint(name);
  const auto& slots = shards_[sought.shard].slots;
  if (slots.empty()) return Fate::none;
  return static_cast<Fate>(slots[place_in(slots, sought.bits)] & fate_bits);
}

std::size_t SeenResources::bytes() const {
  std::size_t bytes = 0;
  for (const Shard& shard : shards_) bytes += shard.slots.capacity() * sizeof(shard.slots[0]);
  return bytes;
}

SeenResources::Fingerprint SeenResources::fingerprint(Name name) const {
  TwoHashes hashes(seeds_);
  for (const std::string_view part : name) hashes.add(part);
  // No bits at all would look like a free slot.
  const std::uint64_t bits = std::max(hashes.first() & ~fate_bits, fate_bits + 1);
  return {hashes.second() % shards, bits};
}

/// Where these bits are, or the free slot where they should be: the first of the two behind the place that their share
/// of all numbers has in the shard.
std::size_t SeenResources::place_in(const std::vector<std::uint64_t>& slots, std::uint64_t bits) {
  auto place = static_cast<std::size_t>(Product{bits} * slots.size() >> 64);
  while (slots[place] != 0 && (slots[place] & ~fate_bits) != bits)
    if (++place == slots.size()) place = 0;
  return place;
}

/// By a quarter. The shards begin with different capacities, so that they do not all grow at the same moment.
void SeenResources::grow(Shard& shard, std::size_t first_capacity) {
  std::vector<std::uint64_t> larger(std::max(first_capacity, shard.slots.size() * 5 / 4));
  for (const std::uint64_t slot : shard.slots)
    if (slot != 0) larger[place_in(larger, slot & ~fate_bits)] = slot;
  shard.slots = std::move(larger);
}

}  // namespace worker
