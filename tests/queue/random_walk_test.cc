#include <cstdlib>
#include <iostream>
#include <random>
#include <sstream>

#include "tests/queue/explorer_world.h"
#include "tests/queue/queue_fixture.h"
#include "tests/support/child_process.h"

namespace test {
namespace {

using Kind = Action::Kind;
using States = std::map<std::string, std::vector<std::string>>;  // of each job, one after the other

/// Appends a state unless the job was in it: a message about progress tells no change.
void append(States& states, const std::string& id, const std::string& state) {
  auto& of_job = states[id];
  if (of_job.empty() || of_job.back() != state) of_job.push_back(state);
}

/// The value of a text member of a flat JSON object.
std::string member(const std::string& object, const std::string& name) {
  const std::string key = "\"" + name + "\":\"";
  const auto begin = object.find(key) + key.size();
  return object.substr(begin, object.find('"', begin) - begin);
}

/// Lets anything happen at any time, to many jobs and workers: producers, workers that live, that died, that come late,
/// failovers that lose the last moves.
/// SET_ACCOUNTS_TEST_SEED repeats a walk, SET_ACCOUNTS_TEST_STEPS makes a longer one.
class RandomWalkTest : public QueueTest {
 protected:
  RandomWalkTest() {
    if (const char* seed = std::getenv("SET_ACCOUNTS_TEST_SEED")) seed_ = static_cast<std::uint32_t>(std::stoul(seed));
    if (const char* steps = std::getenv("SET_ACCOUNTS_TEST_STEPS")) steps_ = std::stoi(steps);
    std::cout << "SET_ACCOUNTS_TEST_SEED=" << seed_ << " SET_ACCOUNTS_TEST_STEPS=" << steps_ << "\n";
    random_.seed(seed_);
    subscriber_.wait_for_output("{q}:events\n1");
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }
  bool chance(std::size_t percent) { return below(100) < percent; }

  Wish some_wish() {
    Wish wish{.id = "j" + std::to_string(++wishes_), .target = "Patient/" + std::to_string(below(5))};
    if (chance(40)) wish.priority = static_cast<int>(below(2001)) - 1000;
    if (chance(50)) wish.batch = chance(50) ? "one" : "two";
    if (chance(20)) wish.kind = Model::Kind::delayed;
    if (chance(5)) wish.kind = Model::Kind::invalid;
    wish.max_attempts = static_cast<int>(below(3)) + 1;
    return wish;
  }

  /// Each kind of action has the same chance, however many there are of it.
  Action some_action() {
    const auto possible = world_.possible();
    std::vector<Kind> kinds;
    for (const auto& action : possible)
      if (std::ranges::count(kinds, action.kind) == 0) kinds.push_back(action.kind);
    if (chance(50)) std::erase(kinds, Kind::pause);
    const Kind kind = kinds[below(kinds.size())];
    std::vector<Action> of_kind;
    std::ranges::copy_if(possible, std::back_inserter(of_kind), [&](const Action& a) { return a.kind == kind; });
    return of_kind[below(of_kind.size())];
  }

  void step(int number) {
    if (chance(25)) world_.wish(some_wish());
    const Action action = some_action();
    path_ += "  " + action.text() + "\n";
    const std::string wrong = world_.perform(action) + broken_invariant(world_.state().keys);
    ASSERT_EQ(wrong, "") << "after step " << number << " of seed " << seed_ << "\n" << path_;
  }

  States told() {
    States states;
    for (const auto& [id, state] : world_.state().model.told) append(states, id, std::string(name_of(state)));
    return states;
  }

  States heard() {
    redis({"PUBLISH", "{q}:events", "that is all"});
    EXPECT_TRUE(subscriber_.wait_for_output("that is all"));
    States states;
    std::istringstream lines(subscriber_.out());
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("{\"")) append(states, member(line, "id"), member(line, "state"));
    return states;
  }

  std::uint32_t seed_ = std::random_device{}();
  int steps_ = 600;
  std::minstd_rand random_;
  int wishes_ = 0;
  std::string path_;
  World world_{io, client, {}, 4};
  ChildProcess subscriber_{{"redis-cli", "-s", shared_redis().socket().string(), "SUBSCRIBE", "{q}:events"}};
};

TEST_F(RandomWalkTest, KeepsThePromisesWhateverHappens) {
  for (int i = 0; i < steps_ && !HasFatalFailure(); ++i) step(i);
  EXPECT_EQ(heard(), told());
}

/// What was told of moves that were forgotten since is told already.
TEST_F(RandomWalkTest, KeepsThePromisesAlsoWhenAFailoverForgetsTheLastMoves) {
  State earlier;
  for (int i = 0; i < steps_ && !HasFatalFailure(); ++i) {
    if (chance(10)) earlier = world_.state();
    if (chance(2)) {
      world_.fail_over_to(earlier);
      path_ += "  failover\n";
    }
    step(i);
  }
}

}  // namespace
}  // namespace test
