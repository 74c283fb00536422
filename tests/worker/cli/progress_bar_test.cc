#include "worker/cli/progress_bar.h"

#include <gtest/gtest.h>

#include "worker/cli/columns.h"

namespace worker::cli {
namespace {

const Progress half{
    .title = "sweep 1", .done = 500, .total = 1000, .unit = "seen", .details = {"400 written", "8.2/s"}};

TEST(ProgressBar, ShowsTitleBarCountAndDetails) {
  EXPECT_EQ(render(half, 80), "sweep 1  █████████████████▌░░░░░░░░░░░░░░░░░  500/1,000 seen  400 written  8.2/s");
}

TEST(ProgressBar, FillsByEighths) {
  Progress progress{.title = "x", .done = 1, .total = 80, .unit = "", .details = {}};
  EXPECT_EQ(render(progress, 19), "x  ▏░░░░░░░░░  1/80");
  progress.done = 79;
  EXPECT_EQ(render(progress, 20), "x  █████████▉  79/80");
  progress.done = 80;
  EXPECT_EQ(render(progress, 20), "x  ██████████  80/80");
}

TEST(ProgressBar, NeverIsWiderThanTheTerminal) {
  for (std::size_t width = 0; width <= 120; ++width) {
    EXPECT_LE(columns_of(render(half, width)), width);
    EXPECT_LE(columns_of(render({.title = "Redis does not answer", .unit = {}, .details = {"why"}}, width)), width);
  }
}

TEST(ProgressBar, GivesUpTheLastDetailsFirstThenTheBar) {
  EXPECT_EQ(render(half, 50), "sweep 1  ██████░░░░░░  500/1,000 seen  400 written");
  EXPECT_EQ(render(half, 40), "sweep 1  ███████▌░░░░░░░  500/1,000 seen");
  EXPECT_EQ(render(half, 20), "sweep 1  500/1,000 …");
}

TEST(ProgressBar, IsOnlyATitleWhereThereIsNothingToMeasureBy) {
  EXPECT_EQ(render({.title = "waiting for a worker", .unit = {}, .details = {}}, 80), "waiting for a worker");
}

TEST(ProgressBar, SurvivesACountPastItsTotal) {
  EXPECT_EQ(render({.title = "x", .done = 5, .total = 4, .unit = {}, .details = {}}, 18), "x  ██████████  5/4");
}

TEST(PlainProgress, LeavesNothingOut) {
  EXPECT_EQ(render_plain(half), "sweep 1  500/1,000 seen  400 written  8.2/s");
}

TEST(Numbers, AreGroupedByThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
}

TEST(Times, AreRough) {
  EXPECT_EQ(rough(std::chrono::seconds(45)), "45s");
  EXPECT_EQ(rough(std::chrono::seconds(185)), "3m05s");
  EXPECT_EQ(rough(std::chrono::seconds(7620)), "2h07m");
  EXPECT_EQ(rough(std::chrono::seconds(273'600)), "3d4h");
}

TEST(Columns, AreCountedInCharacters) {
  EXPECT_EQ(columns_of("█░€a"), 4U);
  EXPECT_EQ(cut_to("abcdef", 4), "abc…");
  EXPECT_EQ(cut_to("ééééé", 3), "éé…");
  EXPECT_EQ(cut_to("abc", 3), "abc");
  EXPECT_EQ(cut_to("abc", 0), "");
  EXPECT_EQ(padded_to("é", 3), "é  ");
}

}  // namespace
}  // namespace worker::cli
