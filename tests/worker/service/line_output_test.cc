#include "worker/line_output.h"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <pty.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <gtest/gtest.h>

namespace worker::log {
namespace {

enum class Kind { pipe, socket, terminal };

std::string name_of(Kind kind) {
  return std::array{"Pipe", "Socket", "Terminal"}.at(static_cast<std::size_t>(kind));
}

/// Both ends of something whose reader may sleep.
class Channel {
 public:
  explicit Channel(Kind kind) {
    ::signal(SIGPIPE, SIG_IGN);
    ::alarm(60);  // a write that waits for a reader would wait for ever
    std::array<int, 2> ends{};
    if (!open(kind, ends)) throw std::runtime_error("no channel");
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
    std::erase(text, '\r');  // a terminal's
    return text;
  }
  int writer;

 private:
  static bool open(Kind kind, std::array<int, 2>& ends) {
    if (kind == Kind::pipe) return ::pipe2(ends.data(), O_CLOEXEC) == 0;
    if (kind == Kind::socket) return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0;
    return ::openpty(ends.data(), ends.data() + 1, nullptr, nullptr, nullptr) == 0;
  }

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

INSTANTIATE_TEST_SUITE_P(EachKind, LineOutputTo, testing::Values(Kind::pipe, Kind::socket, Kind::terminal),
                         [](const auto& kind) { return name_of(kind.param); });

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
  read += channel.read();
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

TEST(LineOutput, SharesAPipeLineByLine) {
  const Channel channel(Kind::pipe);
  LineOutput output(channel.writer);
  LineOutput another(channel.writer);
  for (int i = 0; i < 3000; ++i) {
    output.write(line(1));
    another.write(line(2));
  }
  std::string read;
  for (int turn = 0; !output.flush() || !another.flush(); ++turn) {
    read += channel.read();
    turn % 2 == 0 ? output.flush() : another.flush();
  }
  read += channel.read();
  ASSERT_EQ(read.size(), 600'000U);
  for (std::size_t begin = 0; begin < read.size(); begin += 100) {
    const std::string found = read.substr(begin, 100);
    ASSERT_TRUE(found == line(1) || found == line(2)) << found;
  }
}

TEST(LineOutput, KeepsWhatAFullDiskDoesNotTake) {
  const Channel channel(Kind::pipe);
  const int descriptor = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  LineOutput output(descriptor);
  output.write(line(1));
  EXPECT_FALSE(output.write_now(line(2)));
  EXPECT_FALSE(output.flush());
  EXPECT_FALSE(output.is_ready());
  ::dup2(channel.writer, descriptor);
  EXPECT_TRUE(output.flush());
  EXPECT_EQ(channel.read(), line(1));
  EXPECT_FALSE(output.has_dropped());
  ::close(descriptor);
}

}  // namespace
}  // namespace worker::log
