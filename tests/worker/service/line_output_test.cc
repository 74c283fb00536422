#include "worker/line_output.h"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <gtest/gtest.h>

namespace worker::log {
namespace {

enum class Kind { pipe, socket };

/// Both ends of something whose reader may sleep.
class Channel {
 public:
  explicit Channel(Kind kind) {
    ::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> ends{};
    const int failed = kind == Kind::pipe ? ::pipe2(ends.data(), O_CLOEXEC)
                                          : ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
    if (failed != 0) throw std::runtime_error("no channel");
    reader_ = ends[0];
    writer = ends[1];
    ::fcntl(reader_, F_SETFL, O_NONBLOCK);
  }
  ~Channel() {
    close_reader();
    ::close(writer);
  }
  void close_reader() {
    if (reader_ >= 0) ::close(std::exchange(reader_, -1));
  }
  std::string read() const {
    std::string text;
    std::array<char, 65536> buffer{};
    for (ssize_t length = 0; (length = ::read(reader_, buffer.data(), buffer.size())) > 0;)
      text.append(buffer.data(), static_cast<std::size_t>(length));
    return text;
  }
  int writer;

 private:
  int reader_ = -1;
};

std::string line(int number, std::size_t length = 100) {
  std::string text = std::to_string(number) + " ";
  return text.append(length - text.size() - 1, 'x') + "\n";
}

class LineOutputTo : public testing::TestWithParam<Kind> {
 protected:
  Channel channel{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(EachKind, LineOutputTo, testing::Values(Kind::pipe, Kind::socket),
                         [](const auto& kind) { return kind.param == Kind::pipe ? "Pipe" : "Socket"; });

TEST_P(LineOutputTo, KeepsWhatNobodyReadsAndWritesAllOfItInOrderAfterwards) {
  LineOutput output(channel.writer);
  std::string expected;
  for (int i = 0; i < 9000; ++i) {  // 900 kB: more than any pipe or socket takes
    output.write(line(i));
    expected += line(i);
  }
  EXPECT_FALSE(output.flush());
  EXPECT_FALSE(output.is_ready());
  std::string read;
  while (!output.flush()) read += channel.read();
  read += channel.read();
  EXPECT_EQ(read, expected);
  EXPECT_TRUE(output.is_ready());
  EXPECT_EQ(output.take_dropped(), 0U);
}

TEST_P(LineOutputTo, DropsWholeLinesAndCountsThemWhereThereIsNoRoomLeft) {
  LineOutput output(channel.writer, 10'000);
  for (int i = 0; i < 9000; ++i) output.write(line(i));
  std::string read;
  do read += channel.read();
  while (!output.flush());
  read += channel.read();
  EXPECT_EQ(read.size() % 100, 0U);
  EXPECT_EQ(read.size() / 100 + output.take_dropped(), 9000U);
  EXPECT_EQ(output.take_dropped(), 0U);
}

TEST_P(LineOutputTo, CountsALineAsWrittenOnlyIfItWentOut) {
  LineOutput output(channel.writer, 1000);
  int written = 0;
  while (output.write_now(line(written))) ++written;
  EXPECT_GT(written, 100);
  EXPECT_FALSE(output.write_now(line(written)));
  std::string read = channel.read();
  while (!output.flush()) read += channel.read();
  EXPECT_EQ(read.size(), static_cast<std::size_t>(written) * 100);
  EXPECT_TRUE(output.write_now(line(written)));
}

TEST_P(LineOutputTo, EndsALineThatIsLongerThanWhatIsTakenAtOnce) {
  LineOutput output(channel.writer, 1000);
  const std::string long_line = line(1, 3'000'000);
  EXPECT_TRUE(output.write_now(long_line));
  std::string read;
  while (!output.flush()) read += channel.read();
  read += channel.read();
  EXPECT_EQ(read, long_line);
}

TEST_P(LineOutputTo, GoesOnWhenTheReaderIsGone) {
  LineOutput output(channel.writer);
  for (int i = 0; i < 9000; ++i) output.write(line(i));
  channel.close_reader();
  EXPECT_FALSE(output.write_now(line(1)));
  output.write(line(2));
  EXPECT_TRUE(output.flush()) << "nothing is kept for nobody";
  EXPECT_GT(output.take_dropped(), 1000U);
  EXPECT_FALSE(output.is_ready());
}

TEST_P(LineOutputTo, LeavesTheDescriptorAsItIsForOthers) {
  LineOutput output(channel.writer);
  output.write(line(1));
  EXPECT_EQ(::fcntl(channel.writer, F_GETFL) & O_NONBLOCK, 0);
}

}  // namespace
}  // namespace worker::log
