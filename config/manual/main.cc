#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "config/manual/commented_file.h"
#include "config/manual/completion.h"
#include "config/manual/man_page.h"

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) throw std::runtime_error(path.string() + " cannot be written");
}

}  // namespace

/// Writes what the package says of the command line: man pages, completion, and the commented configuration file.
int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: write-manual FOLDER DATE\n";
    return 2;
  }
  try {
    const std::filesystem::path folder = argv[1];
    const config::manual::Outline outline = config::manual::outline();
    std::filesystem::create_directories(folder);
    for (const auto& page : config::manual::man_pages(outline, argv[2])) write(folder / page.file_name, page.text);
    write(folder / "set-accounts.toml", config::manual::commented_file());
    write(folder / "set-accounts.bash", config::manual::bash_completion(outline));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "write-manual: " << error.what() << '\n';
    return 1;
  }
}
