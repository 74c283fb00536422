#include "tests/worker/front_door/door.h"

namespace test {
namespace {

using sandbox::Reply;
using sandbox::Request;

/// Clients repeat a request that was not answered, or not well.
class RepeatedAtTheDoor : public Door {
 protected:
  void SetUp() override {
    seed({.members = 10});
    look();
    open();
    pause(true);
  }
  void pause(bool paused) { redis({"XADD", "{set-accounts}:inbox", "*", "pause", paused ? "true" : "false"}); }

  const Request swap{"Patient/p", {organization(5)}, true};
};

TEST_F(RepeatedAtTheDoor, IsAnsweredWithTheJobThatItMadeFirst) {
  const std::string job = job_of(start("admin", swap));
  EXPECT_EQ(job_of(start("admin", swap)), job);
  ASSERT_TRUE(until_state(job, "queued"));
  EXPECT_EQ(job_of(start("admin", swap)), job);
  oracle().expect(swap);
  pause(false);
  EXPECT_EQ(end_of("admin", job).status, 200);
  EXPECT_EQ(wrong(), "");
  EXPECT_NE(job_of(start("admin", swap)), job) << "it is over";
}

TEST_F(RepeatedAtTheDoor, IsAnsweredWithItAlsoWhenTheConnectionBroke) {
  note_asked(swap);
  sandbox::HttpClient impatient = client();
  impatient.set_limit(std::chrono::milliseconds(100));
  EXPECT_THROW(impatient.post("/fhir/R4/Patient/p/$set-accounts", parameters(swap), as("admin")), std::runtime_error);
  const std::string job = job_of(start("admin", swap));
  oracle().expect(swap);
  pause(false);
  EXPECT_EQ(end_of("admin", job).status, 200);
  EXPECT_EQ(redis({"ZCARD", "{set-accounts}:jobs"}).number, 1);
  EXPECT_EQ(wrong(), "");
}

TEST_F(RepeatedAtTheDoor, IsTakenOnceRedisIsBack) {
  redis_server.kill();
  EXPECT_EQ(said(start("admin", swap)), "503 - transient");
  redis_server.restart();
  Reply again;
  EXPECT_TRUE(until([&] {
    again = start("admin", swap);
    return again.status == 202;
  }));
  oracle().expect(swap);
  pause(false);
  EXPECT_EQ(end_of("admin", job_of(again)).status, 200);
  EXPECT_EQ(wrong(), "");
}

TEST_F(RepeatedAtTheDoor, IsTheSameHoweverItIsWrittenAndWithWhicheverToken) {
  const std::string job = job_of(start("admin", swap));
  sandbox::HttpClient login(server.port());
  const Reply other = login.post("/oauth2/token", "grant_type=client_credentials&client_id=admin&client_secret=admin",
                                 {{"Content-Type", "application/x-www-form-urlencoded"}});
  const std::string token(sandbox::text_member(other.json(), "access_token"));
  const std::string body = R"({ "parameter" : [ {"valueReference":{"reference":")" + organization(5) +
                           R"("},"name":"accounts"}, {"name":"accounts","valueReference":{"reference":")" +
                           organization(5) + R"("}}, {"name":"propagate","valueBoolean":true},)" +
                           R"({"name":"else","valueString":"x"} ], "resourceType":"Parameters" })";
  const Reply again = send("POST", "", "/fhir/R4/Patient/p/$set-accounts", body,
                           {{"Authorization", "Bearer " + token}, {"Prefer", "respond-async"}});
  EXPECT_EQ(job_of(again), job);
}

TEST_F(RepeatedAtTheDoor, IsAnotherFromAnotherCallerForAnotherTargetOrWithAnotherBody) {
  const std::string job = job_of(start("admin", swap));
  const std::string of_another = job_of(start("super", swap));
  EXPECT_NE(of_another, job);
  const std::string another = job_of(start("super", {"Patient/p", {organization(6)}, true}));
  EXPECT_NE(another, of_another);
}

TEST_F(RepeatedAtTheDoor, IsANewJobWhereAnotherOneForTheTargetCameBetween) {
  const std::string job = job_of(start("admin", swap));
  enqueue(Request{"Patient/p", {organization(6)}, true});
  const std::string later = job_of(start("admin", swap));
  EXPECT_NE(later, job);
  oracle().expect(swap);
  oracle().expect({"Patient/p", {organization(6)}, true});
  oracle().expect(swap);
  pause(false);
  EXPECT_EQ(end_of("admin", later).status, 200);
  EXPECT_EQ(wrong(), "") << "the caller's wish came last";
}

TEST_F(RepeatedAtTheDoor, IsANewJobWhereTheFirstIsToBeCancelled) {
  const std::string job = job_of(start("admin", swap));
  EXPECT_EQ(send("DELETE", "admin", status_path(job)).status, 202);
  EXPECT_NE(job_of(start("admin", swap)), job);
}

}  // namespace
}  // namespace test
