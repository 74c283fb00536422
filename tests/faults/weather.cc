#include "tests/faults/weather.h"

namespace faults {

void Weather::turn_bad() {
  const auto doings_at = [this](sandbox::RequestKind kind, sandbox::World& world, int n, const std::string& about) {
    for (const Strike& strike : mixture_.strikes) {
      if (strike.trouble.doing == Doing::none || strike.doing_before != kind || strike.nth != n) continue;
      happen(world, strike.trouble.doing, about);
    }
  };
  server_.before_patch([=](sandbox::World& world, int n, const std::string& reference) {
    doings_at(sandbox::RequestKind::patch, world, n, reference);
  });
  server_.before_read([=](sandbox::World& world, int n, const std::string& reference) {
    doings_at(sandbox::RequestKind::read, world, n, reference);
  });
  server_.before_page([=, this](sandbox::World& world, int n, const std::string& reference) {
    doings_at(sandbox::RequestKind::page, world, n, reference);
    witness_.page_asked(reference);
  });
  server_.after_patch(
      [this](sandbox::World& world, int, const std::string& reference) { witness_.patched(world, reference); });
  for (const Strike& strike : mixture_.strikes) {
    if (strike.trouble.doing != Doing::none) continue;
    sandbox::Fault fault = strike.trouble.fault;
    fault.probability = strike.probability;
    fault.times = strike.times;
    if (strike.trouble.aim != Aim::anything) {
      const bool at_member = strike.trouble.aim == Aim::one_member;
      if (at_member && seeded_.members.empty()) continue;
      fault.reference = at_member ? seeded_.members[mixture_.seed % seeded_.members.size()] : seeded_.second;
      fault.probability = 1;
      fault.times = 0;
    }
    server_.add_fault(fault);
  }
}

void Weather::happen(sandbox::World& world, Doing doing, const std::string& about) {
  if (is_over_ && doing == Doing::fall_silent) return;
  ++doings_;
  switch (doing) {
    case Doing::hang_up:
      server_.drop_connections();
      return;
    case Doing::fall_silent:
      server_.set_silent(true);
      return;
    default:
      somebody_else_->act(world, doing, about);
  }
}

void Weather::clear_up() {
  server_.clear_faults();
  server_.with_world([this](sandbox::World&) { is_over_ = true; });
  server_.set_silent(false);
}

void Weather::fall_calm() {
  server_.before_patch({});
  server_.before_read({});
  server_.before_page([this](sandbox::World&, int, const std::string& reference) { witness_.page_asked(reference); });
}

}  // namespace faults
