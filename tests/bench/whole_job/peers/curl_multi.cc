// The whole job with libcurl's multi interface: an easy handle for each connection, used again and again.

#include <curl/curl.h>
#include <deque>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/whole_job/bare/assignment.h"
#include "tests/bench/whole_job/bare/members.h"

namespace whole_job {
namespace {

/// A handle and what belongs to its present request.
struct Transfer {
  CURL* handle = curl_easy_init();
  curl_slist* headers = nullptr;
  std::string body;
  std::string answer;
  bool keeps_answer = false;

  Transfer() = default;
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() {
    curl_slist_free_all(headers);
    curl_easy_cleanup(handle);
  }
};

std::size_t take(const char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  if (transfer.keeps_answer) transfer.answer.append(bytes, size * count);
  return size * count;
}

class CurlClient {
 public:
  explicit CurlClient(Assignment assignment) : assignment_(std::move(assignment)), multi_(curl_multi_init()) {
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(assignment_.connections + 1));
    for (std::size_t i = 0; i < assignment_.connections; ++i) idle_.push_back(&transfers_.emplace_back());
  }
  ~CurlClient() {
    transfers_.clear();
    curl_multi_cleanup(multi_);
  }
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  std::size_t run() {
    get(assignment_.base + "/Patient/" + assignment_.patient);
    while (pages_.answer.empty() || running_ > 0) perform();
    Transfer& first = *idle_.back();
    idle_.pop_back();
    patch(first, read_member(pages_.answer));
    while (idle_.size() < assignment_.connections) perform();

    next_page_ = assignment_.base + "/Patient/" + assignment_.patient + "/$everything?_count=1000";
    paging_ = true;
    ask_for_page();
    while (reading_ || idle_.size() < assignment_.connections || next_ < members_.size()) perform();
    return written_;
  }

 private:
  void perform() {
    curl_multi_perform(multi_, &running_);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg == CURLMSG_DONE) done(message->easy_handle);
    }
    if (running_ > 0) curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
  }

  void done(CURL* handle) {
    Transfer* transfer = nullptr;
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, &transfer);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl_multi_remove_handle(multi_, handle);
    if (status != 200) throw std::runtime_error("not 200: " + std::to_string(status));
    if (transfer == &pages_) {
      if (paging_) take_page();
      return;
    }
    ++written_;
    idle_.push_back(transfer);
    patch_more();
  }

  void take_page() {
    reading_ = false;
    members_.erase(members_.begin(), members_.begin() + static_cast<std::ptrdiff_t>(next_));
    next_ = 0;
    next_page_ = read_members(pages_.answer, assignment_.patient, members_);
    patch_more();
    ask_for_page();
  }

  void patch_more() {
    while (!idle_.empty() && next_ < members_.size()) {
      Transfer& transfer = *idle_.back();
      idle_.pop_back();
      patch(transfer, members_[next_++]);
    }
    ask_for_page();
  }

  void ask_for_page() {
    if (reading_ || next_page_.empty() || members_.size() - next_ > 1000) return;
    reading_ = true;
    get(next_page_);
  }

  void get(const std::string& url) {
    pages_.answer.clear();
    pages_.keeps_answer = true;
    start(pages_, url, {});
  }

  void patch(Transfer& transfer, const Member& member) {
    transfer.body = patch_body(member.version, assignment_.account);
    curl_easy_setopt(transfer.handle, CURLOPT_CUSTOMREQUEST, "PATCH");
    curl_easy_setopt(transfer.handle, CURLOPT_POSTFIELDS, transfer.body.data());
    curl_easy_setopt(transfer.handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(transfer.body.size()));
    start(transfer, assignment_.base + "/" + member.path,
          {"Content-Type: application/json-patch+json", "If-Match: W/\"" + member.version + "\""});
  }

  void start(Transfer& transfer, const std::string& url, const std::vector<std::string>& more_headers) {
    curl_slist_free_all(transfer.headers);
    transfer.headers = curl_slist_append(nullptr, ("Authorization: Bearer " + assignment_.token).c_str());
    transfer.headers = curl_slist_append(transfer.headers, "Accept: application/fhir+json");
    transfer.headers = curl_slist_append(transfer.headers, "X-Medplum: extended");
    for (const std::string& header : more_headers)
      transfer.headers = curl_slist_append(transfer.headers, header.c_str());
    curl_easy_setopt(transfer.handle, CURLOPT_HTTPHEADER, transfer.headers);
    curl_easy_setopt(transfer.handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(transfer.handle, CURLOPT_PRIVATE, &transfer);
    curl_easy_setopt(transfer.handle, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(transfer.handle, CURLOPT_WRITEDATA, &transfer);
    curl_multi_add_handle(multi_, transfer.handle);
    running_ = 1;
  }

  Assignment assignment_;
  CURLM* multi_;
  Transfer pages_;
  std::deque<Transfer> transfers_;
  std::vector<Transfer*> idle_;
  int running_ = 0;
  std::string next_page_;
  bool paging_ = false;
  bool reading_ = false;
  std::vector<Member> members_;
  std::size_t next_ = 0;
  std::size_t written_ = 0;
};

}  // namespace
}  // namespace whole_job

int main(int argc, char** argv) {
  try {
    const auto assignment = whole_job::assignment_of(argc, argv);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const whole_job::Stopwatch stopwatch;
    whole_job::CurlClient client(assignment);
    stopwatch.print(client.run());
  } catch (const std::exception& failure) {
    std::cerr << "curl-client: " << failure.what() << '\n';
    return 1;
  }
  return 0;
}
