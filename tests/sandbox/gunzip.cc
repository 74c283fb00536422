#include "sandbox/gunzip.h"

#include <array>
#include <memory>
#include <stdexcept>
#include <zlib.h>

namespace sandbox {

std::string read_maybe_gzipped(const std::filesystem::path& file) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> input(gzopen(file.c_str(), "rb"), gzclose);
  if (!input) throw std::runtime_error("cannot read " + file.string());
  std::string content;
  std::array<char, 65536> block{};
  int got = 0;
  while ((got = gzread(input.get(), block.data(), block.size())) > 0)
    content.append(block.data(), static_cast<std::size_t>(got));
  if (got < 0) throw std::runtime_error("not gzip to its end: " + file.string());
  return content;
}

}  // namespace sandbox
