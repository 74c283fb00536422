#include "queue/redis_login.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace queue {
namespace {

std::string read_password(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string password(std::istreambuf_iterator<char>(in), {});
  if (!in) throw std::runtime_error("the password file " + file.string() + " cannot be read");
  while (password.ends_with('\n') || password.ends_with('\r')) password.pop_back();
  return password;
}

}  // namespace

RedisAddress find_redis(const config::Redis& settings) {
  RedisAddress address = parse_redis_url(settings.url);
  if (!settings.password_file.empty()) address.password = read_password(settings.password_file);
  return address;
}

std::vector<Command> login_commands(const RedisAddress& address) {
  std::vector<Command> commands;
  if (!address.password.empty() && address.user.empty()) commands.push_back({"AUTH", address.password});
  if (!address.password.empty() && !address.user.empty()) commands.push_back({"AUTH", address.user, address.password});
  if (address.database != 0) commands.push_back({"SELECT", std::to_string(address.database)});
  return commands;
}

}  // namespace queue
