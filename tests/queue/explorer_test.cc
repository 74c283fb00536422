#include <chrono>
#include <cstdlib>
#include <iostream>
#include <unordered_set>

#include "tests/queue/explorer_world.h"
#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using Kind = Action::Kind;
using Path = std::vector<Action>;

std::string list_of(const Path& path) {
  std::string list;
  for (const auto& action : path) list += "  " + action.text() + "\n";
  return list;
}

/// Three jobs, two of them for one target; one is urgent, one delayed; two workers.
std::vector<Wish> three_jobs() {
  return {{.id = "a", .target = "Patient/1", .batch = "batch", .priority = 0, .max_attempts = 2},
          {.id = "b", .target = "Patient/1", .batch = "batch", .priority = 5, .max_attempts = 1},
          {.id = "c", .target = "Patient/2", .batch = "", .max_attempts = 1, .kind = Model::Kind::delayed}};
}

/// Goes through all that may happen, breadth first, up to some steps from a beginning; a state that was seen before is
/// not gone on from. SET_ACCOUNTS_TEST_DEPTH goes deeper.
class ExplorerTest : public QueueTest {
 protected:
  struct Node {
    State state;
    Path path;
  };

  void explore(const Path& beginning, int depth) {
    if (const char* asked = std::getenv("SET_ACCOUNTS_TEST_DEPTH")) depth = std::stoi(asked);
    const auto begun = queue::Clock::now();
    walk(beginning);
    std::vector<Node> frontier{{.state = world.state(), .path = beginning}};
    seen.insert(canonical(world.state()));
    for (int step = 1; step <= depth && !HasFatalFailure(); ++step) frontier = beyond(frontier, step < depth);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(queue::Clock::now() - begun);
    std::cout << seen.size() << " states, " << transitions << " transitions, " << took.count() << " ms\n";
  }

  void walk(const Path& path) {
    Path done;
    for (const auto& action : path) {
      done.push_back(action);
      ASSERT_EQ(world.perform(action), "") << list_of(done);
    }
  }

  /// The states one step further on that are new, if they are `wanted`: they take much memory.
  std::vector<Node> beyond(const std::vector<Node>& frontier, bool wanted) {
    std::vector<Node> next;
    for (const auto& node : frontier) {
      world.go_back_to(node.state);
      for (const auto& action : world.possible()) {
        follow(node, action, next);
        if (HasFatalFailure()) return {};
        if (!wanted) next.clear();
      }
    }
    return next;
  }

  void follow(const Node& node, const Action& action, std::vector<Node>& next) {
    world.go_back_to(node.state);
    Path path = node.path;
    path.push_back(action);
    ++transitions;
    ASSERT_EQ(world.perform(action), "") << "after\n" << list_of(path);
    if (!seen.insert(canonical(world.state())).second) return;
    ASSERT_EQ(broken_invariant(world.state().keys), "") << "after\n" << list_of(path);
    next.push_back({.state = world.state(), .path = path});
  }

  World world{io, client, three_jobs(), 2};
  std::unordered_set<std::string> seen;
  std::size_t transitions = 0;
};

TEST_F(ExplorerTest, FromAnEmptyQueueEveryPathKeepsThePromises) {
  explore({}, 4);
}

TEST_F(ExplorerTest, FromTwoRunningJobsEveryPathKeepsThePromises) {
  explore({{.kind = Kind::add, .job = "a"},
           {.kind = Kind::add, .job = "b"},
           {.kind = Kind::add, .job = "c"},
           {.kind = Kind::delay_ends, .job = "c"},
           {.kind = Kind::promote},
           {.kind = Kind::claim, .worker = 0},
           {.kind = Kind::claim, .worker = 1}},
          3);
}

TEST_F(ExplorerTest, FromAJobThatTwoWorkersLostEveryPathKeepsThePromises) {
  explore({{.kind = Kind::add, .job = "a"},
           {.kind = Kind::claim, .worker = 0},
           {.kind = Kind::lease_ends, .job = "a"},
           {.kind = Kind::sweep},
           {.kind = Kind::claim, .worker = 1},
           {.kind = Kind::get_further, .worker = 1, .job = "a"},
           {.kind = Kind::lease_ends, .job = "a"},
           {.kind = Kind::sweep},
           {.kind = Kind::crash, .worker = 1},
           {.kind = Kind::claim, .worker = 1},
           {.kind = Kind::lease_ends, .job = "a"},
           {.kind = Kind::sweep},
           {.kind = Kind::crash, .worker = 1},
           {.kind = Kind::claim, .worker = 1},
           {.kind = Kind::lease_ends, .job = "a"},
           {.kind = Kind::sweep},
           {.kind = Kind::crash, .worker = 1}},
          3);
}

TEST_F(ExplorerTest, FromAJobThatFailedBehindAnotherEveryPathKeepsThePromises) {
  explore({{.kind = Kind::add, .job = "a"},
           {.kind = Kind::add, .job = "b"},
           {.kind = Kind::claim, .worker = 0},
           {.kind = Kind::owe, .worker = 0, .job = "a"},
           {.kind = Kind::fail, .worker = 0, .job = "a"},
           {.kind = Kind::claim, .worker = 1}},
          3);
}

}  // namespace
}  // namespace test
