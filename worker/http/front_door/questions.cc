#include "worker/http/front_door/questions.h"

namespace worker::http::front_door {

/// For as long as it lives, somebody asks.
class Questions::Asking {
 public:
  Asking(Questions& questions, const std::string& key)
      : questions_(questions), place_(questions.open_.emplace(key, std::make_shared<fhir::Signal>()).first) {}
  ~Asking() {
    const auto over = std::move(place_->second);
    questions_.open_.erase(place_);
    over->notify_all();
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

 private:
  Questions& questions_;
  std::map<std::string, std::shared_ptr<fhir::Signal>>::iterator place_;
};

Awaitable<Said> Questions::answer(std::string key, Ask ask) {
  for (;;) {
    const Said* known = answers_.find(key, fhir::Clock::now());
    if (known != nullptr) co_return *known;
    const auto asked = open_.find(key);
    if (asked == open_.end()) break;
    const auto over = asked->second;
    co_await over->wait(never_);
  }
  const Asking asking(*this, key);
  auto said = co_await ask();
  answers_.keep(key, said, fhir::Clock::now());
  co_return said;
}

}  // namespace worker::http::front_door
