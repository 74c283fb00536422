#include "tests/bench/null_fhir/answers.h"

#include <charconv>

#include "tests/bench/null_fhir/names.h"

namespace null_fhir {
namespace {

constexpr std::size_t most_of_a_head = 512;
constexpr std::string_view always =
    "Content-Type: application/fhir+json; charset=utf-8\r\n"
    "Cache-Control: no-store, no-cache, must-revalidate\r\n"
    "Connection: keep-alive\r\nKeep-Alive: timeout=90\r\n";

char* append_number(char* to, std::size_t number) {
  return std::to_chars(to, to + 20, number).ptr;
}

char* append_length(char* to, std::size_t length) {
  return append(append_number(append(to, "Content-Length: "), length), "\r\n");
}

/// Date lines of the second that was asked for last: to make one is dear.
std::string_view date(Instant now) {
  static Instant second = -1;
  static std::string text;
  if (second != now / 1000) {
    second = now / 1000;
    text = http_date(now);
  }
  return text;
}

char* append_head(char* to, std::size_t length, Instant now) {
  to = append(append(to, "HTTP/1.1 200 OK\r\n"), always);
  to = append(append(append(to, "Date: "), date(now)), "\r\n");
  return append_length(to, length);
}

const Text& text_of(const Compartment& compartment, const Row& row, const Form& form) {
  return compartment.written(row) ? form.written : form.fresh;
}

}  // namespace

void answer_json(unsigned status, std::string_view body, Outgoing& out) {
  char* to = out.begin(most_of_a_head + body.size());
  to = append(append_number(append(to, "HTTP/1.1 "), status), " Said\r\n");
  to = append_length(append(to, always), body.size());
  out.end(append(append(to, "\r\n"), body));
}

void answer_resource(const Compartment& compartment, const Row& row, const Form& form, Outgoing& out) {
  const Text& text = text_of(compartment, row, form);
  char* to = append_head(out.begin(most_of_a_head + text.size()), text.size(), compartment.now());
  to = append(write_version(append(to, "ETag: W/\""), row.index, row.position), "\"\r\n");
  to = append(append(append(to, "Last-Modified: "), date(compartment.now())), "\r\n\r\n");
  out.end(text.write(to, row));
}

void answer_page(const Compartment& compartment, const Page& page, const std::string& everything,
                 const std::function<const Form&(const Row&)>& form_of, Outgoing& out) {
  constexpr std::string_view begin = R"({"resourceType":"Bundle","type":"searchset","entry":[)";
  std::string end = R"(],"link":[{"relation":"self","url":")" + everything + "\"}";
  if (!page.next.empty()) end += R"(,{"relation":"next","url":")" + everything + "?" + page.next + "\"}";
  end += "]}";

  std::size_t size = begin.size() + end.size() + (page.rows.empty() ? 0 : page.rows.size() - 1);
  for (const Row& row : page.rows) {
    const Form& form = form_of(row);
    size += form.envelope.size() + text_of(compartment, row, form).size() + 1;
  }
  char* to = append_head(out.begin(most_of_a_head + size), size, compartment.now());
  to = append(append(to, "\r\n"), begin);
  for (const Row& row : page.rows) {
    const Form& form = form_of(row);
    if (&row != page.rows.data()) *to++ = ',';
    to = text_of(compartment, row, form).write(form.envelope.write(to, row), row);
    *to++ = end_of_entry;
  }
  out.end(append(to, end));
}

}  // namespace null_fhir
