#pragma once

#include <list>

namespace fhir {

/// Keeps something on a list for as long as this lives, however its owner ends.
template <class T>
class Listed {
 public:
  Listed(std::list<T*>& list, T& item) : list_(list), place_(list.insert(list.end(), &item)) {}
  ~Listed() { list_.erase(place_); }
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;

 private:
  std::list<T*>& list_;
  typename std::list<T*>::iterator place_;
};

}  // namespace fhir
