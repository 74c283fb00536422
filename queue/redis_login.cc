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

RedisUrl read_redis_url(const config::Redis& settings) {
  RedisUrl url = parse_redis_url(settings.url);
  if (settings.password_file.empty()) return url;
  const std::string password = read_password(settings.password_file);
  for (auto& server : url.servers) server.password = password;
  return url;
}

std::vector<Command> authentication(const RedisAddress& address) {
  if (address.password.empty()) return {};
  if (address.user.empty()) return {{"AUTH", address.password}};
  return {{"AUTH", address.user, address.password}};
}

std::vector<Command> login_commands(const RedisAddress& address) {
  auto commands = authentication(address);
  if (address.database != 0) commands.push_back({"SELECT", std::to_string(address.database)});
  return commands;
}

}  // namespace queue
