#include "tests/chaos/patients.h"

#include "sandbox/seeding.h"

namespace chaos {

Patients seed_patients(sandbox::Server& server, const std::vector<std::string>& targets) {
  Patients patients;
  server.with_world([&](sandbox::World& world) {
    for (std::size_t i = 0; i < targets.size(); ++i) {
      sandbox::Seeding seeding;
      seeding.patient = targets[i].substr(targets[i].find('/') + 1);
      seeding.members = 10 + i * 17 % 51;
      seeding.seed = i + 1;
      const sandbox::Seeded seeded = sandbox::seed_compartment(world, seeding);
      patients.target_of[targets[i]] = targets[i];
      for (const std::string& member : seeded.members) patients.target_of[member] = targets[i];
      patients.members.insert(patients.members.end(), seeded.members.begin(), seeded.members.end());
    }
  });
  return patients;
}

}  // namespace chaos
