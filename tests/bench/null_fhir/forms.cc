#include "tests/bench/null_fhir/forms.h"

#include <array>
#include <string_view>

#include "tests/bench/null_fhir/kinds.h"

namespace null_fhir {
namespace {

/// How large the clinical part of a resource is.
constexpr std::array<std::size_t, 3> sizes = {900, 1750, 2900};

/// Without the line breaks of its layout, and what a line is indented by.
std::string joined(std::string_view laid_out) {
  std::string text;
  bool indented = false;
  for (const char c : laid_out) {
    indented = c == '\n' || (indented && c == ' ');
    if (!indented) text += c;
  }
  return text;
}

std::string meta(const std::string& account, bool written) {
  const std::string its = R"({"reference":"Organization/)" + account + "\"}";
  std::string text = R"("meta":{"versionId":"{version}","lastUpdated":"{updated}",)"
                     R"("author":{"reference":"ClientApplication/3f1b2a9e-2f5e-4a27-a8d2-7a3fd1a4cb10"},)"
                     R"("project":"f2a9d7d3-61a5-4d0e-8c33-5f7b0b1f8a21",)";
  if (written) text += R"("account":)" + its + R"(,"accounts":[)" + its + "],";
  text += R"("compartment":[{"reference":"Project/f2a9d7d3-61a5-4d0e-8c33-5f7b0b1f8a21"},)";
  if (written) text += its + ",";
  return text + R"({"reference":"Patient/{patient}"}]})";
}

std::string content(const Kind& kind, std::size_t size) {
  std::string text = joined(kind.members);
  const std::string element = joined(kind.element);
  text.append(",\"").append(kind.list).append("\":[").append(element);
  while (text.size() + element.size() < size) text.append(",").append(element);
  return text + "]";
}

Text resource(const Kind& kind, std::size_t size, const std::string& account, bool written) {
  return Text(R"({"resourceType":")" + std::string(kind.type) + R"(","id":"{id}",)" + meta(account, written) + "," +
              content(kind, size) + "}");
}

Form form(const Kind& kind, std::size_t size, const std::string& base, const std::string& account) {
  const std::string type(kind.type);
  return {type, Text(R"({"fullUrl":")" + base + type + R"(/{id}","search":{"mode":"match"},"resource":)"),
          resource(kind, size, account, false), resource(kind, size, account, true)};
}

}  // namespace

std::vector<Form> forms_of_compartment(const std::string& base, const std::string& account) {
  std::vector<Form> forms{form(patient_kind, sizes[0], base, account)};
  for (const std::size_t size : sizes)
    for (const Kind& kind : member_kinds()) forms.push_back(form(kind, size, base, account));
  return forms;
}

}  // namespace null_fhir
