#include "tests/worker/eyes/scraped_worker.h"

#include <cstdlib>
#include <stdexcept>

#include "sandbox/http_client.h"

namespace test {

ScrapedWorker::ScrapedWorker(sandbox::ServerOptions options) : EndToEnd(std::move(options)) {}

sandbox::ServerOptions ScrapedWorker::telling_quota() {
  sandbox::ServerOptions options;
  options.quota = 50'000;
  return options;
}

void ScrapedWorker::start(Fields options) {
  options.insert(options.end(), {"--listen", "127.0.0.1:0"});
  process_ = worker(std::move(options));
  const std::string told = "listening address=127.0.0.1:";
  if (!process_->wait_for_output(told)) throw std::runtime_error("the worker does not listen: " + process_->err());
  process_->wait_for_output(" ready");
  const auto at = process_->err().find(told) + told.size();
  port_ = static_cast<std::uint16_t>(std::stoi(process_->err().substr(at)));
}

std::string ScrapedWorker::get(const std::string& path) {
  sandbox::HttpClient client(port_);
  const sandbox::Reply reply = client.get(path, {});
  EXPECT_EQ(reply.status, 200U) << reply.body;
  return reply.body;
}

bool has_promtool() {
  return std::system("command -v promtool >/dev/null 2>&1") == 0;  // NOLINT(cert-env33-c): a fixed command
}

std::string promtool(Fields arguments, const std::string& input) {
  arguments.insert(arguments.begin(), "promtool");
  ChildProcess process(std::move(arguments));
  process.feed(input);
  process.close_stdin();
  return process.wait() == 0 ? "" : process.out() + process.err();
}

}  // namespace test
