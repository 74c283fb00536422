#include "tests/worker/e2e/same_end.h"

#include <csignal>
#include <functional>
#include <iostream>
#include <stdexcept>

#include "tests/faults/worker_in_process.h"

namespace {

using test::Accounts;
using test::Chance;
using test::Story;

sandbox::Moment kill_at(pid_t pid, std::size_t nth) {
  return [pid, left = nth](sandbox::World&, int, const std::string&) mutable {
    if (--left == 0) ::kill(pid, SIGKILL);
  };
}

class SameEnd : public test::SameEnd {
 protected:
  /// The check for so many random stories, as long as all is well.
  void tell(int stories, const std::function<void(Chance&, const Story&)>& check) {
    const std::uint64_t seed = test::chosen_seed();
    for (int n = 0; n < stories && !HasFailure(); ++n) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", story " + std::to_string(n));
      Chance chance(seed + static_cast<std::uint64_t>(n));
      const Story story = begin(chance);
      check(chance, story);
    }
  }
  void expect_kills() const {
    std::cout << kills_ << " workers were killed on the way\n";
    EXPECT_GT(kills_, 0);
  }

  int kills_ = 0;
};

TEST_F(SameEnd, IsReachedTwiceInARow) {
  tell(3, [&](Chance&, const Story& story) { EXPECT_EQ(after_twice_in_a_row(story), after_undisturbed(story)); });
}

/// The real program, killed while the server has a request of it before it.
class SameEndOfTheProgram : public SameEnd {
 protected:
  void kill_at_some_request(Chance& chance, const Story& story) {
    test::Fields options = options_of(story);
    options.emplace_back("--drain");
    const auto doomed = worker(options);
    const auto strike = [&](std::size_t nth) { return kill_at(doomed->pid(), nth); };
    switch (chance.below(4)) {
      case 0:
        server.before_patch(strike(1 + chance.below(members())));
        break;
      case 1:
        server.after_patch(strike(1 + chance.below(members())));
        break;
      case 2:
        server.before_page(strike(1 + chance.below(4)));
        break;
      default:
        server.before_read(strike(1 + chance.below(2)));
    }
    if (doomed->wait() == 128 + SIGKILL) ++kills_;
    server.before_patch(nullptr);
    server.after_patch(nullptr);
    server.before_page(nullptr);
    server.before_read(nullptr);
  }
};

TEST_F(SameEndOfTheProgram, IsReachedWhicheverRequestItIsKilledAt) {
  tell(3, [&](Chance& chance, const Story& story) {
    const Accounts end = after_undisturbed(story);
    for (int times = 1; times <= 2; ++times) {
      const std::string job = restored(story);
      for (int n = 0; n < times; ++n) {
        kill_at_some_request(chance, story);
        expire_lease_of(job);
      }
      EXPECT_EQ(drain(options_of(story)), 0) << said();
      EXPECT_EQ(after_completing(job), end);
    }
  });
  expect_kills();
}

/// The same parts in this process, which die between any two steps of theirs.
class SameEndOfItsParts : public SameEnd {
 protected:
  std::unique_ptr<faults::WorkerInProcess> in_process(const Story& story) const {
    faults::WorkerInProcess::Options options;
    options.redis_url = redis_server.url();
    options.queue = "set-accounts";
    options.fhir_url = server.fhir_url();
    options.page_size = story.page_size;
    return std::make_unique<faults::WorkerInProcess>(options);
  }
  /// Until the job is over, or so many steps are done; how many were.
  std::size_t work(faults::WorkerInProcess& worker, const std::string& job, std::size_t most) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    std::size_t steps = 0;
    while (steps < most) {
      const std::size_t done = worker.work(most - steps);
      steps += done;
      if (done == 0 && field(job, "state") == "completed") break;
      if (std::chrono::steady_clock::now() > limit)
        throw std::runtime_error("the job does not end: " + worker.failure());
    }
    return steps;
  }
};

TEST_F(SameEndOfItsParts, IsReachedWhicheverStepTheyDieAfter) {
  constexpr std::size_t no_bound = 1'000'000;
  tell(4, [&](Chance& chance, const Story& story) {
    const std::string undisturbed = restored(story);
    const std::size_t steps = work(*in_process(story), undisturbed, no_bound);
    const Accounts end = after_completing(undisturbed);
    for (int n = 0; n < 6; ++n) {
      const std::string job = restored(story);
      if (work(*in_process(story), job, 1 + chance.below(steps)) < steps) ++kills_;
      expire_lease_of(job);
      work(*in_process(story), job, no_bound);
      EXPECT_EQ(after_completing(job), end);
    }
  });
  expect_kills();
}

}  // namespace
