#pragma once

#include <map>
#include <string>
#include <vector>

#include "queue/redis_protocol.h"

namespace queue {

/// HGETALL's answer, or any list of names and values.
inline std::map<std::string, std::string, std::less<>> fields_of(const Reply& reply) {
  std::map<std::string, std::string, std::less<>> fields;
  for (std::size_t i = 0; i + 1 < reply.items.size(); i += 2)
    fields.insert_or_assign(reply.items[i].text, reply.items[i + 1].text);
  return fields;
}

inline std::vector<std::string> texts_of(const Reply& reply) {
  std::vector<std::string> texts;
  texts.reserve(reply.items.size());
  for (const auto& item : reply.items) texts.push_back(item.text);
  return texts;
}

}  // namespace queue
