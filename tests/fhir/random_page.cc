#include "tests/fhir/random_page.h"

#include <utility>
#include <vector>

#include <boost/json/serialize.hpp>

namespace oracle {

namespace {

using Member = std::pair<std::string, std::string>;
using Members = std::vector<Member>;

std::string blanks(Dice& dice) {
  static const std::vector<std::string> some{"", "", "", "", " ", "\n", "\t\r\n  "};
  return dice.one_of(some);
}

std::string unicode_escape(char c) {
  static constexpr std::string_view digits = "0123456789aBcDeF";
  const auto code = static_cast<unsigned char>(c);
  return std::string("\\u00") + digits[code >> 4U] + digits[code & 15U];
}

/// ASCII may be escaped, whether it must be or not.
std::string quoted(std::string_view text, Dice& dice) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\' || (c == '/' && dice.once_in(4)))
      json += std::string("\\") + c;
    else if (c == '\n')
      json += "\\n";
    else if (static_cast<unsigned char>(c) < 0x80 && dice.once_in(20))
      json += unicode_escape(c);
    else
      json += c;
  }
  return json + "\"";
}

std::string any_string(Dice& dice) {
  static const std::vector<std::string> some{"",
                                             "Patient/p",
                                             "Patient/p",
                                             "https://h/fhir/R4/Patient/p",
                                             "Patient/p/_history/3",
                                             "Patient/q",
                                             "x/Patient/p",
                                             "Organization/a",
                                             "Bundle",
                                             "Observation",
                                             "next",
                                             "match",
                                             "a \"quote\" \\ and\nmore",
                                             "äöü€😀",
                                             "#p",
                                             "7"};
  return quoted(dice.one_of(some), dice);
}

std::string array(const std::vector<std::string>& elements, Dice& dice) {
  std::string json = "[" + blanks(dice);
  for (const std::string& element : elements)
    json += (&element == elements.data() ? "" : ",") + blanks(dice) + element + blanks(dice);
  return json + "]";
}

std::string any_value(Dice& dice, unsigned depth);

std::string object(Members members, Dice& dice) {
  if (!members.empty() && dice.once_in(12)) members.emplace_back(dice.one_of(members).first, any_value(dice, 2));
  if (!members.empty() && dice.once_in(12)) members.push_back(dice.one_of(members));
  dice.shuffle(members);
  std::string json = "{" + blanks(dice);
  for (const Member& member : members)
    json += (&member == members.data() ? "" : ",") + quoted(member.first, dice) + blanks(dice) + ":" + blanks(dice) +
            member.second + blanks(dice);
  return json + "}";
}

std::string any_name(Dice& dice) {
  static const std::vector<std::string> some{
      "id",      "meta",     "resourceType", "reference", "contained", "entry",     "resource", "search",
      "mode",    "accounts", "account",      "versionId", "link",      "actor",     "subject",  "performer",
      "display", "x",        "äö",           "detail",    "member",    "valueCode", "",         "participant.actor"};
  return dice.one_of(some);
}

std::string any_value(Dice& dice, unsigned depth) {
  static const std::vector<std::string> scalars{"null", "true", "false", "0", "-1.50", "3e5", "12345678901"};
  if (depth == 0 || dice.once_in(3)) return dice.once_in(2) ? dice.one_of(scalars) : any_string(dice);
  std::vector<std::string> elements;
  Members members;
  for (std::size_t count = dice.below(4); count > 0; --count) {
    elements.push_back(any_value(dice, depth - 1));
    members.emplace_back(any_name(dice), any_value(dice, depth - 1));
  }
  return dice.once_in(3) ? array(elements, dice) : object(std::move(members), dice);
}

/// Mostly `value`, sometimes whatever.
std::string mostly(std::string value, Dice& dice) {
  return dice.once_in(25) ? any_value(dice, 2) : std::move(value);
}

std::string reference(Dice& dice) {
  Members members{{"reference", mostly(any_string(dice), dice)}};
  if (dice.once_in(3)) members.emplace_back("display", any_string(dice));
  if (dice.once_in(4)) members.emplace_back("extension", any_value(dice, 3));
  return object(std::move(members), dice);
}

std::string references(Dice& dice) {
  std::vector<std::string> some;
  for (std::size_t count = dice.below(4); count > 0; --count) some.push_back(mostly(reference(dice), dice));
  return array(some, dice);
}

std::string meta(Dice& dice) {
  Members members;
  if (!dice.once_in(5)) members.emplace_back("versionId", mostly(any_string(dice), dice));
  if (!dice.once_in(5)) members.emplace_back("lastUpdated", mostly(any_string(dice), dice));
  if (dice.once_in(2)) members.emplace_back("account", mostly(reference(dice), dice));
  if (dice.once_in(2)) members.emplace_back("accounts", mostly(references(dice), dice));
  if (dice.once_in(2)) members.emplace_back("compartment", mostly(references(dice), dice));
  if (dice.once_in(3)) members.emplace_back("extension", any_value(dice, 3));
  return object(std::move(members), dice);
}

std::string one_or_more(std::string value, Dice& dice) {
  return dice.once_in(2) ? value : array({any_value(dice, 1), std::move(value), reference(dice)}, dice);
}

std::string around(const std::string& name, std::string value, Dice& dice) {
  return one_or_more(object({{name, std::move(value)}, {any_name(dice), any_value(dice, 2)}}, dice), dice);
}

Members elements(Dice& dice) {
  Members all{{"subject", one_or_more(reference(dice), dice)},
              {"performer", one_or_more(reference(dice), dice)},
              {"patient", one_or_more(reference(dice), dice)},
              {"participant", around("actor", one_or_more(reference(dice), dice), dice)},
              {"activity", around("detail", around("performer", one_or_more(reference(dice), dice), dice), dice)},
              {"participant.actor", reference(dice)},
              {"contained", any_value(dice, 4)},
              {"reference", any_string(dice)},
              {any_name(dice), any_value(dice, 4)}};
  dice.shuffle(all);
  all.resize(dice.below(8));
  return all;
}

std::string resource(Dice& dice) {
  static const std::vector<std::string> types{"Observation",  "Appointment", "CarePlan", "Encounter",
                                              "Practitioner", "Observation", "bad type"};
  static const std::vector<std::string> ids{"1", "a-b.c", "p", "x", "y", "z", ".", "a b"};
  Members members = elements(dice);
  if (!dice.once_in(20)) members.emplace_back("resourceType", mostly(quoted(dice.one_of(types), dice), dice));
  if (!dice.once_in(20)) members.emplace_back("id", mostly(quoted(dice.one_of(ids), dice), dice));
  if (!dice.once_in(5)) members.emplace_back("meta", mostly(meta(dice), dice));
  return object(std::move(members), dice);
}

std::string entry(Dice& dice) {
  static const std::vector<std::string> modes{"match", "include", "outcome", "other"};
  Members members{{"fullUrl", any_string(dice)}};
  if (!dice.once_in(10)) members.emplace_back("resource", mostly(resource(dice), dice));
  if (dice.once_in(2))
    members.emplace_back("search", mostly(object({{"mode", quoted(dice.one_of(modes), dice)}}, dice), dice));
  return object(std::move(members), dice);
}

std::string link(Dice& dice) {
  static const std::vector<std::string> relations{"self", "next", "first"};
  return object({{"relation", mostly(quoted(dice.one_of(relations), dice), dice)},
                 {"url", mostly(quoted("https://h/?x=" + std::to_string(dice.below(9)), dice), dice)}},
                dice);
}

std::string parameter(Dice& dice) {
  static const std::vector<std::string> names{"accounts", "accounts", "accounts", "accounts", "propagate", "other", ""};
  static const std::vector<std::string> references{"Organization/a", "Organization/b", "Patient/p", "A/..", "x"};
  Members account{{"reference", mostly(quoted(dice.one_of(references), dice), dice)}};
  if (dice.once_in(3)) account.emplace_back("display", any_string(dice));
  if (dice.once_in(4)) account.emplace_back("extension", any_value(dice, 3));
  Members members{{"name", mostly(quoted(dice.one_of(names), dice), dice)},
                  {"valueReference", mostly(object(std::move(account), dice), dice)},
                  {"valueBoolean", mostly(dice.once_in(2) ? "true" : "false", dice)},
                  {any_name(dice), any_value(dice, 3)}};
  return object(std::move(members), dice);
}

boost::json::array random_accounts(Dice& dice) {
  boost::json::array accounts;
  for (std::size_t count = dice.below(6); count > 0; --count) {
    boost::json::object account = parse(reference(dice)).as_object();
    if (dice.once_in(6)) account.erase("reference");
    accounts.push_back(std::move(account));
  }
  return accounts;
}

}  // namespace

std::string random_bundle(Dice& dice) {
  std::vector<std::string> entries, links;
  for (std::size_t count = dice.below(6); count > 0; --count) entries.push_back(mostly(entry(dice), dice));
  for (std::size_t count = dice.below(4); count > 0; --count) links.push_back(mostly(link(dice), dice));
  Members members{{"type", quoted("searchset", dice)}, {any_name(dice), any_value(dice, 3)}};
  if (!dice.once_in(30)) members.emplace_back("resourceType", mostly(quoted("Bundle", dice), dice));
  if (!dice.once_in(10)) members.emplace_back("link", mostly(array(links, dice), dice));
  if (!dice.once_in(10)) members.emplace_back("entry", mostly(array(entries, dice), dice));
  return object(std::move(members), dice);
}

std::string random_parameters(Dice& dice) {
  std::vector<std::string> parameters;
  for (std::size_t count = dice.below(5); count > 0; --count) parameters.push_back(mostly(parameter(dice), dice));
  return object({{"resourceType", mostly(quoted("Parameters", dice), dice)},
                 {"parameter", mostly(array(parameters, dice), dice)},
                 {any_name(dice), any_value(dice, 3)}},
                dice);
}

std::string random_stored_resource(Dice& dice) {
  boost::json::object stored = parse(resource(dice)).as_object();
  boost::json::object meta;
  if (const auto* given = stored.if_contains("meta"); given != nullptr && given->is_object())
    meta = given->get_object();
  const boost::json::array accounts = random_accounts(dice), others = random_accounts(dice);
  meta["versionId"] = "v1";
  meta.erase("account");
  meta.erase("accounts");
  if (!accounts.empty() || dice.once_in(2)) meta["accounts"] = accounts;
  if (!accounts.empty() && !dice.once_in(3)) meta["account"] = accounts.front();
  if (!others.empty() && dice.once_in(4)) meta["account"] = others.front();
  stored["resourceType"] = "Flag";
  stored["id"] = "f";
  stored["meta"] = meta;
  return boost::json::serialize(stored);
}

}  // namespace oracle
