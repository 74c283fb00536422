#include "tests/worker/page/browser.h"

#include <csignal>
#include <fstream>

#include "tests/worker/e2e/end_to_end.h"

namespace test {
namespace {

using namespace std::chrono_literals;
using sandbox::Request;

/// One browser for all tests: it takes longer to start than any of them to run.
class Browsers : public ::testing::Environment {
 public:
  void SetUp() override {
    if (Browser::available()) browser = std::make_unique<Browser>();
  }
  void TearDown() override { browser.reset(); }
  static std::unique_ptr<Browser> browser;
};
std::unique_ptr<Browser> Browsers::browser;
const auto* const browsers = ::testing::AddGlobalTestEnvironment(new Browsers);

/// The real program's status page in a real browser.
class StatusPageInBrowser : public EndToEnd {
 protected:
  void SetUp() override {
    if (!Browsers::browser) GTEST_SKIP() << "chromium is not installed";
    browser().size(1280, 800);
    complaints_before_ = browser().complaints().size();
    urls_before_ = browser().urls().size();
  }
  ~StatusPageInBrowser() override {
    if (!Browsers::browser) return;
    browser().forget();
    browser().open("about:blank");
  }
  static Browser& browser() { return *Browsers::browser; }

  /// A worker, and where its page is: `http://127.0.0.1:PORT/`.
  std::string serve(Fields options = {}) {
    options.insert(options.end(), {"--listen", "127.0.0.1:" + port_});
    process = worker(std::move(options));
    if (!process->wait_for_output("address=127.0.0.1:"))
      throw std::runtime_error("it does not listen: " + process->err());
    const std::string begin = "address=";
    const auto at = process->err().find(begin) + begin.size();
    address = process->err().substr(at, process->err().find_first_of(" \n", at) - at);
    port_ = address.substr(address.find(':') + 1);
    return "http://" + address + "/";
  }
  void look_at_page(const std::string& hash = {}) {
    browser().open("about:blank");
    browser().open("http://" + address + "/" + hash);
    ASSERT_TRUE(browser().until("document.getElementById('connection').textContent === 'live'"));
  }
  static bool shows(const std::string& text) {
    return browser().until("document.querySelector('main').innerText.includes(" + json_text(text) + ")");
  }
  static std::string json_text(const std::string& text) {
    sandbox::Json json;
    return sandbox::to_text(sandbox::text_value(text, json.GetAllocator()));
  }
  static std::string page_text() { return browser().evaluate("document.querySelector('main').innerText"); }
  static std::string count_of(const std::string& state) {
    return "document.querySelector('#counts [data-state=" + state + "] .number').textContent";
  }
  void slow_down(std::chrono::milliseconds latency) {
    change_server([=](sandbox::ServerOptions& options) { options.latency = latency; });
  }
  /// What went wrong in the browser since the test began, and where it asked that it should not have.
  std::vector<std::string> complaints() const {
    std::vector<std::string> all(browser().complaints().begin() + static_cast<std::ptrdiff_t>(complaints_before_),
                                 browser().complaints().end());
    for (std::size_t i = urls_before_; i < browser().urls().size(); ++i) {
      const std::string& url = browser().urls()[i];
      if (!url.starts_with("http://" + address + "/") && url != "about:blank" && !url.starts_with("data:"))
        all.push_back("asked " + url);
    }
    return all;
  }
  static bool fits() { return browser().evaluate("document.documentElement.scrollWidth <= innerWidth") == "true"; }

  std::unique_ptr<ChildProcess> process;
  std::string address;

 private:
  std::string port_ = "0";
  std::size_t complaints_before_ = 0;
  std::size_t urls_before_ = 0;
};

TEST_F(StatusPageInBrowser, MovesARunningJobsBarUntilTheJobHasEnded) {
  seed({.members = 300});
  slow_down(30ms);
  serve({"--concurrency", "4"});
  look_at_page();
  ASSERT_TRUE(shows("No job is running.")) << page_text();
  ASSERT_TRUE(shows("No job has finished yet."));
  const std::string job = enqueue(Request{"Patient/p", {organization(5)}, true});
  const std::string now = "Number(document.querySelector('#running .bar').getAttribute('aria-valuenow'))";
  ASSERT_TRUE(browser().until("document.querySelector('#running .bar[aria-valuenow]') && " + now + " > 0"));
  const int before = std::stoi(browser().evaluate(now));
  ASSERT_TRUE(browser().until(now + " > " + std::to_string(before)));
  EXPECT_TRUE(browser().until(count_of("running") + " === '1'"));
  browser().screenshot("running-desktop");
  ASSERT_TRUE(until_state(job, "completed"));
  ASSERT_TRUE(browser().until(count_of("completed") + " === '1' && " + count_of("running") + " === '0'"));
  ASSERT_TRUE(browser().until("document.querySelectorAll('#running li').length === 0"));
  ASSERT_TRUE(browser().until("document.querySelector('#list .state').dataset.state === 'completed'"));
  ASSERT_TRUE(shows("301 resources, " + field(job, "resourcesWritten") + " written")) << page_text();
  ASSERT_TRUE(browser().until("document.querySelectorAll('#rate-chart polyline').length === 1"));
  EXPECT_EQ(complaints(), std::vector<std::string>{});
}

TEST_F(StatusPageInBrowser, ShowsAJobsFieldsAndFailuresAndTheSumOfItsBatch) {
  const auto seeded = seed({.members = 20});
  server.add_fault({.on = sandbox::RequestKind::patch, .reference = seeded.members[3], .status = 422});
  serve();
  const std::string job = enqueue({"target", "Patient/p", "accounts", organization(5), "propagate", "true", "batch",
                                   "nightly / 7", "requestedBy", "Practitioner/x"});
  ASSERT_TRUE(until_state(job, "failed"));
  look_at_page();
  ASSERT_TRUE(browser().until("document.querySelector('#list a')"));
  browser().evaluate("document.querySelector('#list a').click()");
  ASSERT_TRUE(shows("1 failure"));
  EXPECT_EQ(browser().evaluate("location.hash"), "#job/" + job);
  for (const std::string& text : {seeded.members[3], std::string("422"), std::string("Practitioner/x"),
                                  std::string("nightly / 7"), organization(5), field(job, "error")})
    EXPECT_TRUE(shows(text)) << text << " is not in " << page_text();
  browser().screenshot("job-desktop");
  browser().size(390, 844);
  EXPECT_TRUE(fits());
  browser().screenshot("job-phone");
  browser().size(1280, 800);
  browser().evaluate("[...document.querySelectorAll('#detail a')].find(a => a.textContent === 'nightly / 7').click()");
  ASSERT_TRUE(shows("1 of 1 jobs ended")) << page_text();
  EXPECT_TRUE(shows("Sums of its finished jobs"));
  browser().screenshot("batch-desktop");
  browser().evaluate("location.hash = 'job/nobody'");
  EXPECT_TRUE(shows("there is no such job"));
  EXPECT_EQ(complaints().size(), 1U) << "the 404";
}

TEST_F(StatusPageInBrowser, TakesTextsForTexts) {
  serve();
  const std::string evil = "\"'><img src=x onerror=window.hacked=1><script>window.hacked=2</script>${alert(1)}";
  const std::string link = "javascript:window.hacked=3";
  const std::string job = enqueue({"target", "Patient/p" + evil, "accounts", evil, "batch", evil, "requestedBy", link,
                                   "__proto__", "polluted", "constructor", evil, "failures", evil});
  ASSERT_TRUE(until_state(job, "failed"));
  redis({"HSET", "{set-accounts}:job:" + job, "error", evil + evil, "target", evil, "accounts",
         "{\"a\":[null,\"<b>\"]}"});
  redis({"RPUSH", "{set-accounts}:job:" + job + ":failures", evil, R"({"reference":"<b>x</b>","status":null})", "[1]",
         "null"});
  look_at_page();
  ASSERT_TRUE(shows("<img src=x onerror"));
  look_at_page("#job/" + job);
  ASSERT_TRUE(shows("4 failures")) << page_text();
  EXPECT_TRUE(shows("<b>x</b>"));
  browser().screenshot("hostile-desktop");
  browser().size(390, 844);
  EXPECT_TRUE(fits());
  browser().evaluate("document.querySelector('#detail dd a').click()");
  ASSERT_TRUE(shows("1 of 1 jobs ended")) << page_text();
  EXPECT_TRUE(fits());
  redis({"PUBLISH", "{set-accounts}:events",
         R"({"id":"1-1","state":"running","target":"<img src=x onerror=window.hacked=4>"})"});
  look_at_page("#batch/" + evil);
  EXPECT_EQ(browser().evaluate("String(window.hacked) + document.images.length + document.scripts.length"),
            "undefined01");
  EXPECT_EQ(browser().evaluate("String({}.polluted)"), "undefined");
  EXPECT_EQ(complaints(), std::vector<std::string>{});
}

TEST_F(StatusPageInBrowser, IsKeptByItsPolicyFromRunningOrAskingAnythingElse) {
  serve();
  look_at_page();
  const std::string field = "fetch('/').then(r => r.headers.get('";
  EXPECT_TRUE(browser().evaluate(field + "content-security-policy'))").starts_with("default-src 'none'"));
  EXPECT_EQ(browser().evaluate(field + "x-content-type-options'))"), "nosniff");
  EXPECT_EQ(browser().evaluate(field + "cache-control'))"), "no-store");
  const auto trying = [&](const std::string& script) {
    return browser().evaluate("(() => { try { " + script + "; return 'done'; } catch { return 'refused'; } })()");
  };
  EXPECT_EQ(trying("document.body.innerHTML = '<b>x</b>'"), "refused");
  EXPECT_EQ(
      trying("document.body.append(Object.assign(document.createElement('script'), {text: 'window.hacked = 1'}))"),
      "refused");
  EXPECT_EQ(browser().evaluate("fetch('http://127.0.0.1:1/').then(() => 'asked', () => 'refused')"), "refused");
  EXPECT_EQ(browser().evaluate("String(window.hacked)"), "undefined");
}

TEST_F(StatusPageInBrowser, SaysThatRedisIsAwayAndGoesOnWhenItIsBack) {
  serve();
  look_at_page();
  redis_server.kill();
  ASSERT_TRUE(shows("Redis does not answer"));
  browser().screenshot("no-redis-desktop");
  redis_server.restart();
  ASSERT_TRUE(browser().until("!document.querySelector('main').innerText.includes('Redis does not answer')"));
  const std::string job = enqueue({"target", "nonsense", "accounts", ""});
  ASSERT_TRUE(browser().until("document.querySelector('#list li')"));
  EXPECT_TRUE(shows(job)) << page_text();
}

TEST_F(StatusPageInBrowser, SaysThatTheWorkerIsGoneAndGoesOnWhenItIsBack) {
  serve();
  look_at_page();
  process->signal(SIGKILL);
  process->wait();
  ASSERT_TRUE(browser().until("document.getElementById('connection').textContent.startsWith('connection lost')"));
  EXPECT_TRUE(shows("Connection lost."));
  serve();
  ASSERT_TRUE(browser().until("document.getElementById('connection').textContent === 'live'"));
  EXPECT_TRUE(browser().until("!document.querySelector('main').innerText.includes('Connection lost.')"));
}

TEST_F(StatusPageInBrowser, AsksForTheTokenWhereTheRequestComesFromElsewhere) {
  const TempFolder folder;
  const auto file = folder.path() / "token";
  std::ofstream(file) << "sesame\n";
  serve({"--status-token-file", file});
  browser().send_field("X-Forwarded-For", "203.0.113.7");
  browser().log_in_with("sesame");
  const int asked_before = browser().passwords_asked();
  look_at_page();
  EXPECT_TRUE(shows("No job is running."));
  EXPECT_GT(browser().passwords_asked(), asked_before);
}

TEST_F(StatusPageInBrowser, FitsAPhoneAndADeskAndReadsWellOnBoth) {
  seed({.members = 300});
  slow_down(40ms);
  serve({"--concurrency", "2"});
  for (int i = 0; i < 70; ++i)
    enqueue({"target",
             i % 3 == 0
                 ? "Observation/with-an-id-that-is-as-long-as-an-id-may-be-0123456789-0123456" + std::to_string(i)
                 : "nonsense",
             "accounts", "", "batch", "b"});
  ASSERT_TRUE(until([&] { return redis({"HGET", "{set-accounts}:stats", "failed"}).text == "70"; }));
  const std::string job = enqueue(Request{"Patient/p", {organization(5)}, true});
  enqueue({"target", "Patient/p", "accounts", organization(4)});
  enqueue({"target", "Patient/p", "accounts", organization(3), "delay", "3600000"});
  ASSERT_TRUE(until([&] { return number(job, "resourcesUpdated") > 20; }));
  look_at_page();
  ASSERT_TRUE(
      browser().until("document.querySelectorAll('#list li').length === 50 && document.querySelector('#running li')"));
  const std::string worst_contrast = R"((() => {
    const c = document.createElement('canvas').getContext('2d', { willReadFrequently: true }), known = {};
    const rgba = text => { if (!known[text]) { c.clearRect(0, 0, 1, 1); c.fillStyle = text; c.fillRect(0, 0, 1, 1);
      known[text] = [...c.getImageData(0, 0, 1, 1).data]; } return known[text]; };
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
      .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
    const behind = e => { for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255]; };
    let worst = [21, ''];
    for (const e of document.querySelectorAll('body *')) {
      if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility() || e.closest('script,style')) continue;
      const a = light(rgba(getComputedStyle(e).color)), b = light(behind(e));
      const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
      if (ratio < worst[0]) worst = [ratio, e.outerHTML.slice(0, 200)];
    }
    return worst[0] >= 4.5 ? 'good' : worst.join(' ');
  })())";
  for (const bool dark : {false, true})
    for (const auto& [name, width, height] : {std::tuple("phone", 390, 844), std::tuple("desktop", 1280, 800)}) {
      browser().size(width, height, dark);
      EXPECT_TRUE(fits()) << name << browser().evaluate("document.documentElement.scrollWidth");
      EXPECT_EQ(browser().evaluate(worst_contrast), "good") << name << dark;
      browser().screenshot(std::string("many-") + name + (dark ? "-dark" : "-light"));
    }
}

TEST_F(StatusPageInBrowser, CanBeUsedByKeyboardAndIsNamedForScreenReaders) {
  serve();
  const std::string job = enqueue({"target", "nonsense", "accounts", ""});
  ASSERT_TRUE(until_state(job, "failed"));
  look_at_page();
  ASSERT_TRUE(browser().until("document.querySelector('#list a')"));
  browser().press("Tab");
  EXPECT_EQ(browser().evaluate("document.activeElement.id"), "skip");
  browser().evaluate("document.querySelector('#list a').focus()");
  browser().press("Enter");
  ASSERT_TRUE(shows("All fields"));
  EXPECT_EQ(browser().evaluate("document.activeElement.id"), "main");
  const std::string unnamed =
      "[...document.querySelectorAll('input, select, button, a, [role=img], [role=progressbar], section')]"
      ".filter(e => !(e.ariaLabel || e.getAttribute('aria-labelledby') || e.textContent.trim() || (e.labels && "
      "e.labels.length))).map(e => e.outerHTML).join('\\n')";
  EXPECT_EQ(browser().evaluate(unnamed), "");
  EXPECT_EQ(browser().evaluate("[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => "
                               "all.indexOf(id) !== i).join()"),
            "");
  EXPECT_EQ(
      browser().evaluate("document.documentElement.lang + document.querySelectorAll('main, header, footer').length "
                         "+ document.querySelectorAll('[aria-live=polite]').length"),
      "en32");
}

}  // namespace
}  // namespace test
